namespace Ambient.Waypoint.Upstreams;

/// <summary>Opens byte streams to endpoints: through HBONE, over plain TCP, with TLS where the policy begins it.</summary>
internal interface IUpstreamDialer
{
    /// <summary>The stream is the caller's own; disposing it ends the connection.</summary>
    /// <exception cref="IOException">Not reached, or refused: <see cref="UpstreamDialException"/> says how.</exception>
    /// <exception cref="OperationCanceledException"/>
    ValueTask<Stream> DialAsync(UpstreamKey key, CancellationToken ct);
}
