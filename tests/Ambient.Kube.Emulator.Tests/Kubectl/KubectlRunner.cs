using System.Diagnostics;

namespace Ambient.Kube.Emulator.Tests.Kubectl;

/// <summary>Runs a real kubectl against the test server.</summary>
internal sealed class KubectlRunner(ServerFixture server, string ns, string program = "kubectl")
{
    private static readonly string Found = Find();

    /// <summary>Standard output of a run that must succeed.</summary>
    public async Task<string> RunAsync(string arguments, CancellationToken ct, string? input = null)
    {
        (int code, string output, string error) = await TryAsync(arguments, ct, input);
        Assert.True(code == 0, $"kubectl {arguments} ended with {code}:\n{output}\n{error}");
        return output;
    }

    public async Task<(int Code, string Output, string Error)> TryAsync(string arguments, CancellationToken ct, string? input = null)
    {
        using Process process = Start(arguments);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(ct), error = process.StandardError.ReadToEndAsync(ct);
            if (input is not null)
            {
                // kubectl takes what starts with a brace for JSON: these are YAML in flow style.
                await process.StandardInput.WriteAsync((input.StartsWith("{api", StringComparison.Ordinal) ? "---\n" + input : input).AsMemory(), ct);
            }

            process.StandardInput.Close();
            await process.WaitForExitAsync(ct);
            return (process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    /// <summary>A run that goes on until it is killed, which is the caller's to do; its output is to be read line by line.</summary>
    public Process Start(string arguments)
    {
        var start = new ProcessStartInfo(program == "kubectl" ? Found : program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add("--kubeconfig=" + server.Kubeconfig);
        start.ArgumentList.Add("--cache-dir=" + Path.Combine(Path.GetDirectoryName(server.Kubeconfig)!, "cache-" + ns));
        start.ArgumentList.Add("--namespace=" + ns);
        foreach (string argument in Split(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    /// <summary>The kubectl asked for and those of other versions that lie beside it.</summary>
    public static IEnumerable<string> Versions()
    {
        string target = new FileInfo(Found).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Found;
        return Directory.EnumerateFiles(Path.GetDirectoryName(target)!, "kubectl.1.*")
            .Where(f => int.TryParse(f[(f.LastIndexOf('.') + 1)..], System.Globalization.CultureInfo.InvariantCulture, out int minor) && minor >= 29)
            .Order(StringComparer.Ordinal).Prepend("kubectl");
    }

    private static string Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(p => Path.Combine(p, "kubectl")).FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("kubectl is not on the PATH: install the package kubectl (or kubernetes-client)");

    /// <summary>Words at spaces; single quotes keep a word together.</summary>
    private static IEnumerable<string> Split(string arguments)
    {
        string[] quoted = arguments.Split('\'');
        for (int i = 0; i < quoted.Length; i++)
        {
            foreach (string word in i % 2 == 1 ? [quoted[i]] : quoted[i].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                yield return word;
            }
        }
    }
}
