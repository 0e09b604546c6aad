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

        foreach (ResponseClass known in rule.ResponseClasses)
        {
            if (result.Status >= known.Min && result.Status <= known.Max)
            {
                return known.IsFailure == result.Status >= 500 ? result : result with { Status = known.IsFailure ? 500 : 200 };
            }
        }

        return result;
    }
}
