using System.Text.Json.Nodes;
using Ambient.Core.Routes;

namespace Ambient.Cli.Explaining.Requests;

/// <summary>Ejection in the words of a DestinationRule; what only Linkerd's failure accrual has, only where it is used.</summary>
internal static class OutlierJson
{
    private static readonly OutlierDetection None = new();

    public static JsonObject Of(OutlierDetection o)
    {
        JsonObject json = new()
        {
            ["consecutive5xxErrors"] = o.Consecutive5xx,
            ["consecutiveGatewayErrors"] = o.ConsecutiveGatewayErrors,
            ["splitExternalLocalOriginErrors"] = o.SplitLocalErrors,
            ["consecutiveLocalOriginFailures"] = o.SplitLocalErrors ? o.ConsecutiveLocalErrors : null,
            ["interval"] = TrafficPolicyJson.Duration(o.Interval),
            ["baseEjectionTime"] = TrafficPolicyJson.Duration(o.BaseEjectionTime),
            ["maxEjectionPercent"] = o.MaxEjectionPercent,
            ["minHealthPercent"] = o.MinHealthPercent,
        };
        if (o.Exponential)
        {
            json["exponential"] = true;
        }

        if (o.MaxEjectionTime != None.MaxEjectionTime)
        {
            json["maxEjectionTime"] = TrafficPolicyJson.Duration(o.MaxEjectionTime);
        }

        if (o.Jitter > 0)
        {
            json["jitterRatio"] = o.Jitter;
        }

        if (!o.ErrorCodes.IsEmpty)
        {
            json["httpErrorCodes"] = new JsonArray([.. o.ErrorCodes.Select(static c => JsonValue.Create(c))]);
        }

        if (o.MinSuccessRate > 0)
        {
            json["minSuccessRate"] = o.MinSuccessRate;
            json["successRateWindow"] = TrafficPolicyJson.Duration(o.SuccessRateWindow);
            json["successRateMinRequests"] = o.SuccessRateMinRequests;
        }

        return json;
    }
}
