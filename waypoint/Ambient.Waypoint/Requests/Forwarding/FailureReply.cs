using Ambient.Routing.Resilience;
using Ambient.Waypoint.Requests.Answering;

namespace Ambient.Waypoint.Requests.Forwarding;

/// <summary>What the caller is told when no endpoint answered.</summary>
internal static class FailureReply
{
    public static OwnReply Of(Exchange x, AttemptResult result, Exception e)
    {
        string tries = x.Record.Attempts > 1 ? $" (attempt {x.Record.Attempts})" : "";
        string words = AttemptFailures.Words(e);
        return x.Clock.IsOver ? Late(x)
            : result.Failure == AttemptFailure.Timeout
                ? new OwnReply(504, ReasonCodes.AttemptTimeout, $"the time for one attempt is over{tries}", ResponseFlags.UpstreamRequestTimeout)
            : AttemptFailures.IsDenied(e) ? new OwnReply(503, ReasonCodes.EndpointDenied, words + tries, ResponseFlags.UpstreamConnectionFailure)
            : result.Failure == AttemptFailure.Connect
                ? new OwnReply(503, ReasonCodes.ConnectFailure, $"cannot connect: {words}{tries}", ResponseFlags.UpstreamConnectionFailure)
            : AttemptFailures.IsProtocolError(e) ? new OwnReply(502, ReasonCodes.UpstreamProtocol, words + tries, ResponseFlags.UpstreamProtocolError)
            : new OwnReply(503, ReasonCodes.UpstreamReset, $"broke before an answer: {words}{tries}", FailureFlags.Of(result.Failure, e));
    }

    /// <summary>The time for the whole request is over.</summary>
    public static OwnReply Late(Exchange x) =>
        new(504, ReasonCodes.DeadlineExceeded, x.Clock.Words, ResponseFlags.UpstreamRequestTimeout);
}
