using System.ComponentModel;
using System.Diagnostics;

namespace Ambient.Hbone.Tests.Interop;

/// <summary>Runs one of the scripts beside the test program; killed with the test.</summary>
internal sealed class NodeProcess : IDisposable
{
    private readonly Process _process;

    private NodeProcess(Process process)
    {
        _process = process;
    }

    public StreamReader Output => _process.StandardOutput;

    public static NodeProcess Start(string script, params (string Name, string Value)[] environment)
    {
        ProcessStartInfo start = new("node", [Path.Combine(AppContext.BaseDirectory, "Interop", script)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            return new NodeProcess(Process.Start(start)!);
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException("the interop tests need Node 18 or later: install the Debian package nodejs (make deps does)", e);
        }
    }

    /// <summary>All of the output, when the process has ended well and in time.</summary>
    public async Task<string[]> ReadToEndAsync(Func<string> log, CancellationToken ct)
    {
        Task<string> errors = _process.StandardError.ReadToEndAsync(ct);
        List<string> lines = [];
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        try
        {
            while (await Output.ReadLineAsync(patience.Token) is { } line)
            {
                lines.Add(line);
            }

            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            _process.Kill();
            await _process.WaitForExitAsync(ct);
        }

        Assert.True(_process.ExitCode == 0, $"node ended with {_process.ExitCode}: {string.Join('\n', lines)}{await errors}{log()}");
        return [.. lines];
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
