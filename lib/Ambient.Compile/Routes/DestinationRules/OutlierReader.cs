using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.DestinationRules;

/// <summary>OutlierDetection. <c>consecutiveErrors</c> is the old name of the count of 5xx; where both stand the new one counts.</summary>
internal static class OutlierReader
{
    public static OutlierDetection? Read(JsonView o)
    {
        if (!o.Exists)
        {
            return null;
        }

        var none = new OutlierDetection();
        return new OutlierDetection
        {
            Consecutive5xx = o["consecutive5xxErrors"].Exists
                ? o.Whole("consecutive5xxErrors", 0, int.MaxValue, 0)
                : o.Whole("consecutiveErrors", 0, int.MaxValue, none.Consecutive5xx),
            ConsecutiveGatewayErrors = o.Whole("consecutiveGatewayErrors", 0, int.MaxValue, 0),
            SplitLocalErrors = o.Flag("splitExternalLocalOriginErrors"),
            ConsecutiveLocalErrors = o.Whole("consecutiveLocalOriginFailures", 0, int.MaxValue, none.ConsecutiveLocalErrors),
            Interval = o.Duration("interval") is { Ticks: > 0 } interval ? interval : none.Interval,
            BaseEjectionTime = o.Duration("baseEjectionTime") is { Ticks: > 0 } time ? time : none.BaseEjectionTime,
            MaxEjectionPercent = o.Percent("maxEjectionPercent") ?? none.MaxEjectionPercent,
            MinHealthPercent = o.Percent("minHealthPercent") ?? none.MinHealthPercent,
            ErrorCodes = [.. o.List("httpErrorCodes").Select(Code)],
        };
    }

    private static int Code(JsonView view) => int.TryParse(view.Node?.ToString(), out int code) && code is >= 100 and < 600
        ? code
        : throw new FieldException(view.Path, "is not an HTTP status");
}
