namespace Ambient.Operator.Tests.Support;

/// <summary>An operator that runs until it is disposed.</summary>
internal sealed class RunningOperator : IAsyncDisposable
{
    private static readonly HttpClient Http = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private bool _disposed;

    public RunningOperator(OperatorConfig config)
    {
        Config = config;
        Host = OperatorHost.Build(config);
        _running = Host.RunAsync(_stop.Token);
    }

    public OperatorConfig Config { get; }

    public OperatorHost Host { get; }

    public Uri Discovery => new($"https://localhost:{Host.DiscoveryPort}");

    public async Task<(int Status, string Body)> GetAsync(string path)
    {
        using HttpResponseMessage response = await Http.GetAsync(new Uri($"http://127.0.0.1:{Host.AdminPort}{path}"), World.Cancel);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(World.Cancel));
    }

    public async Task<double> MetricAsync(string series)
    {
        (_, string text) = await GetAsync("/metrics");
        string? line = text.Split('\n').FirstOrDefault(l => l.StartsWith(series + " ", StringComparison.Ordinal));
        return line is null ? double.NaN : double.Parse(line[(series.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_disposed)
        {
            _disposed = true;
            await _stop.CancelAsync();
            await _running;
            await Host.DisposeAsync();
            _stop.Dispose();
        }
    }
}
