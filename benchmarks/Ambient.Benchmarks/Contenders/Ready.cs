using Ambient.Benchmarks.Hosts;

namespace Ambient.Benchmarks.Contenders;

/// <summary>Waits until a request through a contender is answered.</summary>
internal static class Ready
{
    public static async Task WaitAsync(string host, string target, CancellationToken ct)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                await Command.RunAsync("curl", ["-sf", "-m", "2", "-o", "/dev/null", $"http://{target}/"], ct, host);
                return;
            }
            catch (InvalidOperationException) when (attempt < 150)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, ct);
            }
        }
    }
}
