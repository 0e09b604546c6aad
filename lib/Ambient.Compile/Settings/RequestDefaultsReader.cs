using System.Globalization;
using Ambient.Compile.Reports;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;

namespace Ambient.Compile.Settings;

/// <summary>The Mesh's defaults for retries, rate limits and the detection of protocols.</summary>
internal static class RequestDefaultsReader
{
    public static IEnumerable<Finding> Check(JsonView spec, SourceMeta meta)
    {
        if (Problem(spec) is { } problem)
        {
            yield return SecurityChecks.Error(meta, FindingCodes.InvalidField, problem.Path, problem.Message);
        }
    }

    /// <exception cref="FieldException">A value cannot be what it says.</exception>
    public static MeshRequestDefaults Read(JsonView spec, string mesh) => new()
    {
        Retry = Retry(spec["retries"]),
        RateLimit = RateLimit(spec["rateLimit"], mesh),
        DetectTime = Positive(spec["protocolDetection"], "timeout"),
        OpaquePorts = [.. spec["protocolDetection"].List("opaquePorts").Select(Port).Distinct().Order()],
    };

    private static FieldException? Problem(JsonView spec)
    {
        try
        {
            _ = Read(spec, "");
            return null;
        }
        catch (FieldException e)
        {
            return e;
        }
    }

    private static RetryPolicy? Retry(JsonView r)
    {
        if (!r.Exists)
        {
            return null;
        }

        int attempts = r.Whole("attempts", 0, 100, 2);
        if (attempts == 0)
        {
            return RetryPolicy.Off;
        }

        var (on, codes) = RetryWords.Read(string.Join(',', r.Texts("on")), $"{r.Path}.on");
        return new RetryPolicy { Attempts = attempts, On = on, Codes = codes, PerTryTimeout = Positive(r, "perTryTimeout"), Budget = RetryBudget.Default };
    }

    private static RateLimit? RateLimit(JsonView l, string mesh)
    {
        if (!l.Exists)
        {
            return null;
        }

        long requests = l.Whole("requests", 1, 1_000_000_000, 0);
        return requests == 0
            ? throw new FieldException($"{l.Path}.requests", "is required")
            : new RateLimit
            {
                Origin = new RouteOrigin("Mesh", "", mesh, 0),
                Tokens = requests,
                Interval = Positive(l, "interval") ?? TimeSpan.FromSeconds(1),
                Burst = l.Whole("burst", 1, 1_000_000_000, 0) is > 0 and var burst ? burst : requests,
            };
    }

    private static TimeSpan? Positive(JsonView of, string field) => of.Duration(field) is not { } duration ? null
        : duration > TimeSpan.Zero && duration <= TimeSpan.FromDays(1) ? duration
        : throw new FieldException($"{of.Path}.{field}", "is not between 0 and a day");

    private static int Port(JsonView port) => int.TryParse(port.Node?.ToJsonString(), CultureInfo.InvariantCulture, out int number) && number is > 0 and <= 65535
        ? number
        : throw new FieldException(port.Path, "is not a port (1 to 65535)");
}
