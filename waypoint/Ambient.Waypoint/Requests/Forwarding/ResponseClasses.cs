using Ambient.Core.Routes;
using Ambient.Routing.Resilience;

namespace Ambient.Waypoint.Requests.Forwarding;

/// <summary>What a route calls a failure (ServiceProfile's response classes): the first class that has the status says so, else 5xx is one.</summary>
internal static class ResponseClasses
{
    /// <summary>The answer with a status by which conditions on 5xx hold when it is a failure, and do not when it is none.</summary>
    public static AttemptResult Judge(HttpRule rule, AttemptResult result)
    {
        if (rule.ResponseClasses.IsEmpty || result.Failure != AttemptFailure.None)
        {
            return result;
        }

        bool failure = FailureClasses.IsFailure(rule.ResponseClasses, result.Status);
        return failure == result.Status >= 500 ? result : result with { Status = failure ? 500 : 200 };
    }
}
