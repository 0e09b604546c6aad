using Ambient.Routing.Resilience;

namespace Ambient.Waypoint.Requests.Forwarding;

/// <summary>Which letters stand for an attempt that failed.</summary>
internal static class FailureFlags
{
    public static ResponseFlags Of(AttemptFailure failure, Exception? e) => failure switch
    {
        AttemptFailure.None => ResponseFlags.None,
        AttemptFailure.Connect => ResponseFlags.UpstreamConnectionFailure,
        AttemptFailure.Timeout => ResponseFlags.UpstreamRequestTimeout,
        AttemptFailure.RefusedStream => ResponseFlags.UpstreamRemoteReset,
        _ => e is not null && AttemptFailures.IsProtocolError(e) ? ResponseFlags.UpstreamProtocolError
            : AttemptFailures.IsStreamReset(e) ? ResponseFlags.UpstreamRemoteReset
            : ResponseFlags.UpstreamConnectionTermination,
    };
}
