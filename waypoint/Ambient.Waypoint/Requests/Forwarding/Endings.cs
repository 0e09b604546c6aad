using Ambient.Waypoint.Requests.Answering;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Ambient.Waypoint.Requests.Forwarding;

/// <summary>What is said and noted of a request that did not end in order.</summary>
internal static class Endings
{
    /// <summary>The endpoint broke off in the middle of its answer.</summary>
    public static bool IsEndpointsFault(ForwarderError error) =>
        error is ForwarderError.ResponseBodyDestination or ForwarderError.ResponseHeaders or ForwarderError.UpgradeRequestDestination
            or ForwarderError.UpgradeResponseDestination;

    public static Task AfterAsync(Exchange x, ForwarderError error)
    {
        HttpContext http = x.Http;
        x.Cut = x.Clock.IsOver || IsEndpointsFault(error);
        if (x.CallerLeft)
        {
            CallerLeft(x);
            return Task.CompletedTask;
        }

        // A body that nobody read to its end, or an upgraded connection that one side ended: the answer itself was in order.
        if (x.Reply is not null || (http.Response.HasStarted && IsAfterwards(error)))
        {
            return Task.CompletedTask;
        }

        OwnReply reply = Reply(x, error);
        if (http.Response.HasStarted)
        {
            OwnAnswer.Note(x.Record, reply); // cut by the forwarder already
            return Task.CompletedTask;
        }

        http.Response.Clear();
        return OwnAnswer.WriteAsync(x, reply);
    }

    public static void CallerLeft(Exchange x)
    {
        x.Record.Flags |= ResponseFlags.DownstreamConnectionTermination;
        x.Record.Detail ??= "the caller went away";
        x.Record.Status = x.Http.Response.HasStarted ? x.Http.Response.StatusCode : 499;
    }

    private static bool IsAfterwards(ForwarderError error) =>
        error is ForwarderError.RequestBodyCanceled or ForwarderError.RequestBodyClient or ForwarderError.RequestBodyDestination
            or ForwarderError.UpgradeRequestCanceled or ForwarderError.UpgradeRequestClient or ForwarderError.UpgradeRequestDestination
            or ForwarderError.UpgradeResponseCanceled or ForwarderError.UpgradeResponseClient or ForwarderError.UpgradeResponseDestination
            or ForwarderError.UpgradeActivityTimeout;

    private static OwnReply Reply(Exchange x, ForwarderError error) => x.Clock.IsOver ? FailureReply.Late(x)
        : x.Body?.CallerFault is { } fault
            ? new OwnReply(
                fault is BadHttpRequestException bad ? bad.StatusCode : 400,
                ReasonCodes.BadRequest,
                $"the request's body broke off: {AttemptFailures.Words(fault)}",
                ResponseFlags.DownstreamProtocolError)
        : error == ForwarderError.ResponseHeaders
            ? new OwnReply(502, ReasonCodes.UpstreamProtocol, "the endpoint's headers cannot be passed on", ResponseFlags.UpstreamProtocolError)
        : error == ForwarderError.ResponseBodyDestination
            ? new OwnReply(502, ReasonCodes.UpstreamReset, "the endpoint broke off in the middle of its answer", ResponseFlags.UpstreamConnectionTermination)
        : new OwnReply(
            500,
            ReasonCodes.Internal,
            $"forwarding ended with {error}: {x.Http.Features.Get<IForwarderErrorFeature>()?.Exception?.Message}",
            ResponseFlags.LocalReset);
}
