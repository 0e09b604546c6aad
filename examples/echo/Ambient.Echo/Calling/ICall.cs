namespace Ambient.Echo.Calling;

/// <summary>One way to call a server; kept between calls, so that a connection can be.</summary>
internal interface ICall : IDisposable
{
    Task<Outcome> RunAsync(CancellationToken ct);
}
