using Ambient.Core.Routes;
using Ambient.Routing.Choosing;
using Ambient.Waypoint.Requests.Answering;

namespace Ambient.Waypoint.Requests.Limiting;

/// <summary>Faults that the rule injects: first the delay, which is no part of the route's time, then the abort.</summary>
internal sealed class FaultStep(TimeProvider time, Random random)
{
    public static bool Injects(Exchange x) => x.Rule.Fault is not null;

    /// <summary>Null: goes on, perhaps later.</summary>
    public async ValueTask<OwnReply?> InjectAsync(Exchange x)
    {
        FaultDecision fault = FaultDecision.Draw(x.Rule.Fault, random);
        if (fault.Delay is { } delay)
        {
            x.Record.Flags |= ResponseFlags.DelayInjected;
            await Task.Delay(delay, time, x.Http.RequestAborted);
        }

        return fault.Abort is not { } abort ? null
            : new OwnReply(abort.Status, ReasonCodes.FaultInjected, "fault filter abort", ResponseFlags.FaultInjected)
            {
                GrpcStatus = abort.GrpcStatus,
                Headers = abort.GrpcStatus is { } status && !x.IsGrpc ? [new HeaderValue("grpc-status", GrpcText.Status(status))] : [],
            };
    }
}
