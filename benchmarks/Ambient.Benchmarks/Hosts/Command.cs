using System.Diagnostics;

namespace Ambient.Benchmarks.Hosts;

/// <summary>Starts programs, in a host's network namespace when one is named, and ends those it started.</summary>
internal static class Command
{
    /// <exception cref="InvalidOperationException">The program ended with another code than 0; the message holds its output.</exception>
    public static async Task<string> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken ct, string? host = null)
    {
        using Process process = Start(program, arguments, host, capture: true);
        Task<string> output = process.StandardOutput.ReadToEndAsync(ct);
        Task<string> errors = process.StandardError.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        string all = await output + await errors;
        return process.ExitCode == 0
            ? all
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{all}");
    }

    /// <summary>Starts a program that stays; its output goes to <paramref name="logFile"/>.</summary>
    public static Process StartBackground(
        string program, IReadOnlyList<string> arguments, string? host, string logFile, IReadOnlyDictionary<string, string>? environment = null)
    {
        List<string> shell = ["-c", $"exec \"$@\" >'{logFile}' 2>&1", "sh", program, .. arguments];
        return Start("bash", shell, host, capture: false, environment);
    }

    public static void End(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit(5000);
        }

        process.Dispose();
    }

    private static Process Start(
        string program, IReadOnlyList<string> arguments, string? host, bool capture, IReadOnlyDictionary<string, string>? environment = null)
    {
        ProcessStartInfo start = new() { RedirectStandardOutput = capture, RedirectStandardError = capture, UseShellExecute = false };
        IEnumerable<string> line = host is null ? [program, .. arguments] : ["ip", "netns", "exec", host, program, .. arguments];
        start.FileName = line.First();
        foreach (string argument in line.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        foreach ((string key, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[key] = value;
        }

        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
    }
}
