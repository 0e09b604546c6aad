namespace Ambient.Echo.Calling;

/// <summary>One way to call a server; kept between calls, so that a connection can be.</summary>
internal interface ICall : IDisposable
{
    /// <summary>What the call is at: resolve, connect or answer; where it failed, when it did.</summary>
    string Phase { get; }

    Task<Outcome> RunAsync(CancellationToken ct);
}
