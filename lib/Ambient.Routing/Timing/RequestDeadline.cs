using System.Globalization;
using Ambient.Core.Requests;

namespace Ambient.Routing.Timing;

/// <summary>How long a request may take: the shortest of what the route says and what the caller still waits.</summary>
/// <param name="Total">From the request's arrival; null: without end.</param>
/// <param name="Source">Where it comes from, for the reason of a time-out: <c>route timeout</c>, or the header.</param>
public readonly record struct RequestDeadline(TimeSpan? Total, string Source)
{
    /// <summary>Milliseconds that the caller waits (Envoy).</summary>
    public const string ExpectedHeader = "x-envoy-expected-rq-timeout-ms";

    public static RequestDeadline Of(TimeSpan? routeTimeout, IRequestHeaders headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        RequestDeadline deadline = new(routeTimeout is { Ticks: > 0 } ? routeTimeout : null, "route timeout");
        if (GrpcTimeout.TryParse(headers.ValueOf(GrpcTimeout.Header), out TimeSpan grpc))
        {
            deadline = deadline.AtMost(grpc, GrpcTimeout.Header);
        }

        return TryMilliseconds(headers.ValueOf(ExpectedHeader), out TimeSpan expected)
            ? deadline.AtMost(expected, ExpectedHeader)
            : deadline;
    }

    /// <summary>True when there is no use in forwarding any more.</summary>
    public bool IsLate(TimeSpan elapsed) => Total is { } total && elapsed >= total;

    /// <summary>Time for one attempt; null: without end. Never negative.</summary>
    public TimeSpan? ForAttempt(TimeSpan elapsed, TimeSpan? perTry)
    {
        TimeSpan? left = Total is { } total ? TimeSpan.FromTicks(Math.Max(0, (total - elapsed).Ticks)) : null;
        TimeSpan? limit = perTry is { Ticks: > 0 } ? perTry : null;
        return left is null ? limit : limit is null || left < limit ? left : limit;
    }

    /// <summary>What to write into <see cref="ExpectedHeader"/> for an attempt, rounded down.</summary>
    public static string Format(TimeSpan attempt) => ((long)attempt.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);

    private RequestDeadline AtMost(TimeSpan limit, string source) => Total is null || limit < Total ? new(limit, source) : this;

    private static bool TryMilliseconds(string? text, out TimeSpan time)
    {
        bool number = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long milliseconds)
            && milliseconds <= int.MaxValue;
        time = TimeSpan.FromMilliseconds(number ? milliseconds : 0);
        return number;
    }
}
