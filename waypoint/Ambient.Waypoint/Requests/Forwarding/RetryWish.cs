using Ambient.Core.Routes;
using Ambient.Routing.Resilience;

namespace Ambient.Waypoint.Requests.Forwarding;

/// <summary>
/// Which retries a request gets. Only callers of the mesh that proved who they are may ask for more by Envoy's headers, at waypoints; gateways take
/// these headers away from everybody. They end here, so that proxies in a row do not multiply.
/// </summary>
internal static class RetryWish
{
    /// <summary>What was asked has been read, and policies have seen it; neither endpoint nor mirror is to hear of it.</summary>
    public static void TakeAway(Exchange x)
    {
        _ = x.Retry;
        x.Headers.Remove(RetryVocabulary.OnHeader);
        x.Headers.Remove(RetryVocabulary.AttemptsHeader);
    }

    public static RetryPolicy Of(Exchange x)
    {
        RetryPolicy said = x.Rule.Retry ?? x.State.Defaults.Retry ?? RetryDecision.Default;
        string? on = x.ValueOf(RetryVocabulary.OnHeader);
        string? attempts = x.ValueOf(RetryVocabulary.AttemptsHeader);
        if (on is null && attempts is null)
        {
            return said;
        }

        return x.IsGateway || x.Connection.Caller.VerifiedId is null ? said : RetryVocabulary.Asked(said, on, attempts);
    }
}
