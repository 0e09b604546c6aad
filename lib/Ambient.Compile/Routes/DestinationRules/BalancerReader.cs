using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.DestinationRules;

/// <summary>LoadBalancerSettings.</summary>
internal static class BalancerReader
{
    public static LoadBalancer? Read(JsonView lb)
    {
        if (!lb.Exists)
        {
            return null;
        }

        var hash = lb["consistentHash"];
        if (hash.Exists && lb["simple"].Exists)
        {
            throw new FieldException(lb.Path, "can have only one of simple and consistentHash");
        }

        var balancer = hash.Exists ? HashReader.Read(hash) : new LoadBalancer { Kind = Simple(lb) };
        return balancer with { Warmup = Warmup(lb), Locality = Locality(lb["localityLbSetting"]) };
    }

    private static LoadBalancerKind Simple(JsonView lb) => lb.Text("simple") switch
    {
        "" or "UNSPECIFIED" => LoadBalancerKind.PeakEwma,
        "LEAST_REQUEST" or "LEAST_CONN" => LoadBalancerKind.LeastRequest,
        "ROUND_ROBIN" => LoadBalancerKind.RoundRobin,
        "RANDOM" => LoadBalancerKind.Random,
        "PASSTHROUGH" => LoadBalancerKind.Passthrough,
        var other => throw new FieldException($"{lb.Path}.simple", $"'{RouteFields.Shortened(other)}' is not one of LEAST_REQUEST, ROUND_ROBIN, RANDOM, PASSTHROUGH"),
    };

    private static Warmup? Warmup(JsonView lb) => lb["warmup"] is { Exists: true } w
        ? new Warmup(
            w.Duration("duration") ?? throw new FieldException($"{w.Path}.duration", "is required"), w.Percent("minimumPercent") ?? 10, w.Real("aggression") ?? 1)
        : lb.Duration("warmupDurationSecs") is { } old ? new Warmup(old)
        : null;

    private static LocalityPolicy? Locality(JsonView l)
    {
        if (!l.Exists)
        {
            return null;
        }

        var policy = new LocalityPolicy
        {
            Enabled = l.Choice("enabled") ?? true,
            Distribute = [.. l.List("distribute").Select(Share)],
            Failover = [.. l.List("failover").Select(static f => new RegionFailover(f.Text("from"), f.Text("to")))],
            FailoverPriority = [.. l.Texts("failoverPriority")],
        };
        return !policy.Distribute.IsEmpty && !(policy.Failover.IsEmpty && policy.FailoverPriority.IsEmpty)
            ? throw new FieldException(l.Path, "distribute cannot stand together with failover or failoverPriority")
            : policy;
    }

    private static LocalityShare Share(JsonView d)
    {
        var to = d["to"];
        var shares = ImmutableSortedDictionary.CreateBuilder<string, uint>(StringComparer.Ordinal);
        foreach (var (place, _) in to.Node as JsonObject ?? [])
        {
            shares[place] = (uint)to.Whole(place, 0, 100, 0);
        }

        long sum = shares.Values.Sum(static s => (long)s);
        return sum == 100 ? new LocalityShare(d.Text("from"), shares.ToImmutable()) : throw new FieldException(to.Path, $"sums to {sum}, not to 100");
    }
}
