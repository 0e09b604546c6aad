using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Enrolment;

internal static partial class PodLog
{
    [LoggerMessage(100, LogLevel.Information, "Pod {PodUid} ({PodNamespace}/{PodName}) is captured: {Reason}", EventName = "PodCaptured")]
    internal static partial void Captured(ILogger logger, string podUid, string podNamespace, string podName, string reason);

    [LoggerMessage(101, LogLevel.Information, "Pod {PodUid} is released; {Connections} connections go on", EventName = "PodReleased")]
    internal static partial void Released(ILogger logger, string podUid, int connections);

    [LoggerMessage(102, LogLevel.Information, "Pod {PodUid} is gone", EventName = "PodGone")]
    internal static partial void Gone(ILogger logger, string podUid);

    [LoggerMessage(103, LogLevel.Warning, "Pod {PodUid} cannot be captured yet: {Reason}", EventName = "CaptureFailed")]
    internal static partial void CaptureFailed(ILogger logger, string podUid, string reason);

    [LoggerMessage(104, LogLevel.Warning, "Redirect rules of pod {PodUid} had been changed and are put back", EventName = "RulesRestored")]
    internal static partial void RulesRestored(ILogger logger, string podUid);

    [LoggerMessage(105, LogLevel.Debug, "Handshake at pod {PodUid} failed: {Reason}", EventName = "HandshakeFailed")]
    internal static partial void HandshakeFailed(ILogger logger, string podUid, string reason);

    [LoggerMessage(106, LogLevel.Warning, "Clients' addresses cannot be kept at pod {PodUid}, applications see the pod's own: {Reason}", EventName = "SourceNotKept")]
    internal static partial void SourceNotKept(ILogger logger, string podUid, string reason);

    [LoggerMessage(107, LogLevel.Information, "{Count} connections of pod {PodUid} closed by a change of the mesh", EventName = "ConnectionsClosed")]
    internal static partial void ConnectionsClosed(ILogger logger, string podUid, int count);

    [LoggerMessage(108, LogLevel.Warning, "Accepting at pod {PodUid} failed, trying again: {Reason}", EventName = "AcceptFailed")]
    internal static partial void AcceptFailed(ILogger logger, string podUid, string reason);

    [LoggerMessage(109, LogLevel.Warning, "Pod {PodUid} waits for the operator's word whether it is in the mesh", EventName = "PodWaits")]
    internal static partial void Waits(ILogger logger, string podUid);

    [LoggerMessage(110, LogLevel.Error, "A step of enrolment failed, trying again", EventName = "StepFailed")]
    internal static partial void StepFailed(ILogger logger, Exception exception);

    [LoggerMessage(111, LogLevel.Information, "Pod {PodUid} was told of by the runtime: {Reason}", EventName = "PodTold")]
    internal static partial void Told(ILogger logger, string podUid, string reason);

    [LoggerMessage(112, LogLevel.Error, "A connection at pod {PodUid} failed in an unexpected way", EventName = "ConnectionFailed")]
    internal static partial void ConnectionFailed(ILogger logger, Exception exception, string podUid);

    [LoggerMessage(113, LogLevel.Error, "State file {File} is not readable and is ignored: {Reason}", EventName = "StateIgnored")]
    internal static partial void StateIgnored(ILogger logger, string file, string reason);

    [LoggerMessage(115, LogLevel.Warning, "State file {File} of a pod that has gone cannot be removed: {Reason}", EventName = "StateNotForgotten")]
    internal static partial void NotForgotten(ILogger logger, string file, string reason);

    [LoggerMessage(114, LogLevel.Warning, "CNI call refused: {Reason}", EventName = "CniRefused")]
    internal static partial void CniRefused(ILogger logger, string reason);
}
