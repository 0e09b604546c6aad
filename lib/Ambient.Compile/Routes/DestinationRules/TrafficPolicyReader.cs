using System.Collections.Immutable;
using Ambient.Compile.Reports;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.DestinationRules;

/// <summary>TrafficPolicy with its port level settings.</summary>
internal sealed class TrafficPolicyReader(RouteProblems problems)
{
    private static readonly string[] Unsupported = ["tunnel", "proxyProtocol"];

    public WrittenPolicies? Read(JsonView policy)
    {
        if (!policy.Exists)
        {
            return null;
        }

        var ports = ImmutableSortedDictionary.CreateBuilder<int, WrittenPolicy>();
        foreach (var setting in policy.List("portLevelSettings"))
        {
            int port = setting["port"].Port("number");
            if (port == 0 || !ports.TryAdd(port, Fields(setting)))
            {
                problems.Error($"{setting.Path}.port.number", port == 0 ? "is required" : $"{port} is there already");
            }
        }

        return new WrittenPolicies(Fields(policy), ports.ToImmutable());
    }

    private WrittenPolicy Fields(JsonView p)
    {
        foreach (string name in Unsupported.Where(name => p[name].Exists))
        {
            problems.Warn(FindingCodes.UnsupportedRouteField, p[name].Path, "is not supported and has no effect");
        }

        var tls = UpstreamTlsReader.Read(p["tls"]);
        if (tls?.Invalid is { } why)
        {
            problems.Warn(FindingCodes.UnsupportedRouteField, p["tls"].Path, $"{why}; connections are refused meanwhile");
        }

        return new WrittenPolicy(
            BalancerReader.Read(p["loadBalancer"]), PoolReader.Read(p["connectionPool"]), OutlierReader.Read(p["outlierDetection"]), tls, Budget(p["retryBudget"]));
    }

    private static RetryBudget? Budget(JsonView b) => !b.Exists ? null : new RetryBudget(
        (b.Percent("percent") ?? 20) / 100, 0, b.Duration("budgetInterval") is { Ticks: > 0 } window ? window : RetryBudget.Default.Window,
        b.Whole("minRetryConcurrency", 0, int.MaxValue, 3));
}
