using System.Text.Json.Nodes;
using Ambient.Compile.Reports;
using Ambient.Compile.Routes;
using Ambient.Compile.Sources;
using Ambient.Core.Workloads;

namespace Ambient.Compile.Analysis;

/// <summary>Subsets of a DestinationRule whose labels no endpoint of the service carries: requests for them get 503.</summary>
internal static class EmptySubsets
{
    public static IEnumerable<Finding> Find(WrittenObjects written, CompileResult compiled)
    {
        var endpoints = compiled.Workloads.SelectMany(static w => w.Services.Keys.Select(k => (Service: k, Workload: w))).ToLookup(static e => e.Service, static e => e.Workload, StringComparer.Ordinal);
        foreach (var policy in compiled.BackendPolicies)
        {
            Workload[] of = [.. endpoints[policy.Service]];
            foreach (var subset in policy.Subsets.Where(s => !of.Any(w => s.Labels.All(l => w.Labels.TryGetValue(l.Key, out string? has) && has == l.Value))))
            {
                var (key, field) = Place(written, policy.Origins, subset.Name);
                if (key is { } rule)
                {
                    yield return MeshAnalysis.Finding(FindingCodes.SubsetWithoutPods, FindingLevel.Warning, rule, field,
                        of.Length == 0
                            ? $"service {policy.Service} has no endpoints at all, so subset {subset.Name} has none"
                            : $"no endpoint of service {policy.Service} carries {string.Join(", ", subset.Labels.Select(static l => $"{l.Key}={l.Value}"))}: requests for subset {subset.Name} get 503");
                }
            }
        }
    }

    private static (ObjectKey? Key, string Field) Place(WrittenObjects written, IEnumerable<Core.Routes.RouteOrigin> origins, string subset)
    {
        foreach (var origin in origins)
        {
            ObjectKey key = new(RouteKind.DestinationRule, origin.Namespace, origin.Name);
            if ((written.Find(key)?["spec"] as JsonObject)?["subsets"] is JsonArray subsets)
            {
                for (int i = 0; i < subsets.Count; i++)
                {
                    if (WrittenObjects.Text((subsets[i] as JsonObject)?["name"]) == subset)
                    {
                        return (key, $"spec.subsets[{i}]");
                    }
                }
            }
        }

        return (null, "");
    }
}
