using System.Collections.Immutable;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Routes.VirtualServices;

/// <summary>Destinations of rules, their weights and mirrors.</summary>
internal sealed class DestinationReader(string @namespace, string clusterDomain)
{
    public const int MaxDestinations = 256;

    public ImmutableArray<WrittenDestination> Weighted(JsonView rule)
    {
        var views = rule.List("route").ToList();
        if (views.Count > MaxDestinations)
        {
            throw new FieldException(rule["route"].Path, $"has {views.Count} destinations, at most {MaxDestinations} are allowed");
        }

        var read = views.Select(v => Of(v["destination"]) with
        {
            // A single destination takes all, whatever its weight says.
            Weight = v.Whole("weight", 0, int.MaxValue, 0) is var weight && views.Count == 1 ? 100 : (uint)weight,
            RequestHeaders = v["headers"]["request"].Headers(),
            ResponseHeaders = v["headers"]["response"].Headers(),
        }).ToImmutableArray();
        long sum = read.Sum(static d => (long)d.Weight);
        return read.Length > 1 && sum is 0 or > uint.MaxValue
            ? throw new FieldException(rule["route"].Path, $"weights sum to {sum}; give at least one destination a weight over 0")
            : read;
    }

    public ImmutableArray<WrittenMirror> Mirrors(JsonView rule)
    {
        var mirrors = ImmutableArray.CreateBuilder<WrittenMirror>();
        if (rule["mirror"].Exists)
        {
            double percent = rule["mirrorPercentage"].Exists ? rule["mirrorPercentage"].Percent("value") ?? 0
                : rule["mirrorPercent"].Exists ? rule.Percent("mirrorPercent") ?? 100
                : rule["mirror_percent"].Exists ? rule.Percent("mirror_percent") ?? 100
                : 100;
            mirrors.Add(new WrittenMirror(Of(rule["mirror"]), percent));
        }

        foreach (var mirror in rule.List("mirrors"))
        {
            mirrors.Add(new WrittenMirror(Of(mirror["destination"]), mirror["percentage"].Exists ? mirror["percentage"].Percent("value") ?? 0 : 100));
        }

        return mirrors.ToImmutable();
    }

    private WrittenDestination Of(JsonView d)
    {
        string host = d.Text("host");
        return host.Length == 0
            ? throw new FieldException($"{d.Path}.host", "is required")
            : !RouteHosts.IsValid(host) || RouteHosts.IsWildcard(host)
                ? throw new FieldException($"{d.Path}.host", $"'{RouteFields.Shortened(host)}' is not the host name of a service")
                : new WrittenDestination(
                    d.Path, RouteHosts.Full(host, @namespace, clusterDomain), d.Text("subset") is { Length: > 0 } subset ? subset : null, d["port"].Port("number"));
    }
}
