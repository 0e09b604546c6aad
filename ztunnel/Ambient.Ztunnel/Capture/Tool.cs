using System.Diagnostics;

namespace Ambient.Ztunnel.Capture;

/// <summary>
/// Runs <c>nft</c> or <c>ip</c> in the netns of the calling thread (the child is forked from it) and waits. Only from
/// <see cref="Netns.RunAsync"/>, never on a thread that serves connections.
/// </summary>
internal static class Tool
{
    private const int TimeoutMilliseconds = 10_000;

    /// <exception cref="IOException">Not installed, timed out, or failed; with the tool's own words.</exception>
    internal static string Run(string program, string input, params ReadOnlySpan<string> arguments)
    {
        (int code, string output, string errors) = TryRun(program, input, arguments);
        return code == 0 ? output : throw new IOException($"{program} {string.Join(' ', arguments)} failed ({code}): {errors.Trim()}");
    }

    internal static (int Code, string Output, string Errors) TryRun(
        string program, string input, params ReadOnlySpan<string> arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Start(start);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        if (!process.WaitForExit(TimeoutMilliseconds))
        {
            process.Kill();
            throw new IOException($"{program} did not end within {TimeoutMilliseconds / 1000} s");
        }

        return (process.ExitCode, output.GetAwaiter().GetResult(), errors.GetAwaiter().GetResult());
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new IOException($"{start.FileName} cannot be started ({e.Message}): is it installed?", e);
        }
    }
}
