using System.Collections.Immutable;

namespace Ambient.Core.Routes;

/// <summary>When an endpoint that answers badly is left out, and for how long.</summary>
public sealed record OutlierDetection
{
    /// <summary>5xx in a row; without split also connections that fail. 0: off.</summary>
    public int Consecutive5xx { get; init; } = 5;

    /// <summary>502, 503, 504 in a row. 0: off.</summary>
    public int ConsecutiveGatewayErrors { get; init; }

    /// <summary>Failures to connect and time-outs are counted apart.</summary>
    public bool SplitLocalErrors { get; init; }

    /// <summary>In a row, with <see cref="SplitLocalErrors"/>. 0: off.</summary>
    public int ConsecutiveLocalErrors { get; init; } = 5;

    /// <summary>Between looks at who may come back.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Times the number of ejections.</summary>
    public TimeSpan BaseEjectionTime { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan MaxEjectionTime { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>Twice as long with each ejection, instead of once more (Linkerd failure accrual).</summary>
    public bool Exponential { get; init; }

    /// <summary>Random part of the ejection time that is added, 0 to 1.</summary>
    public double Jitter { get; init; }

    /// <summary>Of the endpoints; one may always be ejected unless this is 0.</summary>
    public double MaxEjectionPercent { get; init; } = 10;

    /// <summary>While fewer than this share is healthy, nothing is ejected.</summary>
    public double MinHealthPercent { get; init; }

    /// <summary>Statuses that count instead of 5xx; empty: 5xx.</summary>
    public ImmutableArray<int> ErrorCodes { get; init; } = [];

    /// <summary>Ejects below this share of successes over <see cref="SuccessRateWindow"/>, given <see cref="SuccessRateMinRequests"/>. 0: off.</summary>
    public double MinSuccessRate { get; init; }

    public TimeSpan SuccessRateWindow { get; init; } = TimeSpan.FromSeconds(10);

    public int SuccessRateMinRequests { get; init; } = 5;
}
