using System.Diagnostics;

namespace Ambient.Ztunnel.Tests.Netlab;

/// <summary>Runs one program to its end; failing is an exception with its words.</summary>
internal static class Shell
{
    internal static string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string a in arguments)
        {
            start.ArgumentList.Add(a);
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {errors.Result}");
    }

    /// <summary>Arguments separated by spaces.</summary>
    internal static string Ip(string line) => Run("ip", line.Split(' '));
}
