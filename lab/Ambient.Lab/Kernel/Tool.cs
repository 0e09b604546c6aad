using System.Text;

namespace Ambient.Lab.Kernel;

/// <summary>Runs a program of the host (ip, nft, …) to its end, with text on its standard input.</summary>
internal static class Tool
{
    private static readonly string[] Folders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    /// <summary>Where a program is; throws naming it when it is not installed.</summary>
    public static string Find(string name)
    {
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(Folders))
        {
            var path = Path.Combine(folder, name);
            if (folder.Length > 0 && File.Exists(path))
            {
                return path;
            }
        }

        throw new FileNotFoundException($"{name} is not installed");
    }

    /// <summary>Runs in a network namespace (null: the one of this process); throws with the program's error output unless it exits 0.</summary>
    public static async Task<string> RunAsync(string? netns, string name, IReadOnlyList<string> arguments, string? input = null)
    {
        var (status, output, error) = await TryAsync(netns, name, arguments, input).ConfigureAwait(false);
        return status.Code == 0
            ? output
            : throw new InvalidOperationException($"{name} {string.Join(' ', arguments)} exited {status.Code}: {error.Trim()}{About(input)}");
    }

    public static async Task<(ExitStatus Status, string Output, string Error)> TryAsync(
        string? netns, string name, IReadOnlyList<string> arguments, string? input = null, IReadOnlyList<string>? environment = null)
    {
        var program = name.StartsWith('/') ? name : Find(name);
        var (stdout, outEnd) = Pipe.FromChild();
        var (stderr, errEnd) = Pipe.FromChild();
        var (stdin, inEnd) = Pipe.ToChild();
        await using var closeOut = stdout;
        await using var closeErr = stderr;
        ChildProcess child;
        try
        {
            child = await NamespaceThread.RunAsync(() =>
            {
                if (netns is not null)
                {
                    NamespaceThread.EnterNetwork(netns);
                }

                return Spawner.Start(new SpawnRequest
                {
                    Program = program,
                    Arguments = arguments,
                    Environment = environment,
                    Input = inEnd,
                    Output = outEnd,
                    Error = errEnd,
                });
            }).ConfigureAwait(false);
        }
        finally
        {
            _ = Native.Close(outEnd);
            _ = Native.Close(errEnd);
            _ = Native.Close(inEnd);
        }

        var output = ReadAsync(stdout);
        var error = ReadAsync(stderr);
        await using (stdin)
        {
            if (input is not null)
            {
                try
                {
                    await stdin.WriteAsync(Encoding.UTF8.GetBytes(input)).ConfigureAwait(false);
                }
                catch (IOException)
                {
                    // It ended before it read everything; its exit code says why.
                }
            }
        }

        return (await child.Exited.ConfigureAwait(false), await output.ConfigureAwait(false), await error.ConfigureAwait(false));
    }

    private static async Task<string> ReadAsync(Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8, leaveOpen: true);
        return await reader.ReadToEndAsync().ConfigureAwait(false);
    }

    private static string About(string? input) =>
        input is null ? "" : "\n" + (input.Length > 2000 ? input[..2000] + "…" : input);
}
