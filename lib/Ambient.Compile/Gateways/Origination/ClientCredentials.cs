using System.Collections.Immutable;
using Ambient.Compile.Gateways.Listeners;
using Ambient.Compile.Gateways.Running;
using Ambient.Compile.Index;
using Ambient.Compile.Routes;
using Ambient.Compile.Routes.DestinationRules;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;
using Ambient.Compile.Waypoints;
using Ambient.Core;
using Ambient.Core.Gateways;

namespace Ambient.Compile.Gateways.Origination;

/// <summary>
/// Secrets by which a running proxy calls backends: those that a DestinationRule names (<c>credentialName</c>) which is in force for clients of the
/// proxy's namespace, about a service that the proxy itself calls: one that is bound to it, or to no waypoint. They are Secrets of the proxy's own
/// namespace, so nobody who may write rules elsewhere has one sent anywhere. A Secret that is missing or bad is sent as a problem: connections that
/// need it are refused and say why.
/// </summary>
internal static class ClientCredentials
{
    /// <summary>As Istio names a Secret with authorities alone.</summary>
    private const string AuthoritiesOnly = "-cacert";

    /// <param name="dependencies">Gets all that was looked for, there or not.</param>
    public static IEnumerable<GatewayCertificate> Of(MeshIndex index, RunningGateway running, HashSet<ObjectKey> dependencies)
    {
        SortedDictionary<string, bool> wanted = new(StringComparer.Ordinal);
        foreach (var rule in index.Routing.WithCredentials.Select(index.Routing.DestinationRules.Find).OfType<DestinationRuleSource>())
        {
            if (Uses(index, running, rule, dependencies))
            {
                foreach (var (name, pair) in rule.Credentials)
                {
                    wanted[name] = pair || wanted.GetValueOrDefault(name);
                }
            }
        }

        return [.. wanted.Select(w => Read(index, running, w.Key, w.Value, dependencies))];
    }

    /// <summary>The running proxies that use a rule lack these Secrets; each once.</summary>
    public static ImmutableArray<string> Problems(MeshIndex index, DestinationRuleSource rule, HashSet<ObjectKey> dependencies)
    {
        SortedSet<string> problems = new(StringComparer.Ordinal);
        foreach (var unit in rule.Credentials.Any() ? RunningGateways.Units(index).Order() : Enumerable.Empty<ObjectKey>())
        {
            // What Secrets other namespaces have is not told to who writes a rule here.
            if (unit.Namespace == rule.Meta.Namespace && RunningGateways.Find(index, unit.Namespace, unit.Name) is { } running && Uses(index, running, rule, dependencies))
            {
                problems.UnionWith(rule.Credentials.Select(c => Read(index, running, c.Name, c.Pair, dependencies)).Where(static c => c.Problem is not null)
                    .Select(c => $"{c.Problem}; {running.Name} refuses connections that need it"));
            }
        }

        return [.. problems];
    }

    private static bool Uses(MeshIndex index, RunningGateway running, DestinationRuleSource rule, HashSet<ObjectKey> dependencies)
    {
        string client = running.Name.Namespace;
        if (RouteHosts.IsWildcard(rule.Host) && RouteTargets.Find(index, rule.Host) is null)
        {
            dependencies.Add(RouteUnits.OfHost(rule.Host));
            return client == rule.Meta.Namespace || Visibility.Includes(rule.ExportTo, rule.Meta.Namespace, client);
        }

        dependencies.Add(RouteUnits.OfHost(rule.Host));
        if (RouteTargets.Find(index, rule.Host) is not { } target)
        {
            return false;
        }

        dependencies.Add(new ObjectKey(KnownKinds.Namespace, "", target.Namespace));
        SourceMeta? meta = index.Services.Find(target.Object)?.Meta ?? index.ServiceEntries.Find(target.Object)?.Meta;
        return (meta is null || WaypointBinding.OfService(index, meta) is not { } bound || bound.Gateway == new ObjectKey(KnownKinds.Gateway, client, running.Name.Name))
            && BackendPolicies.Rules(index, target, client).Contains(rule);
    }

    private static GatewayCertificate Read(MeshIndex index, RunningGateway running, string name, bool pair, HashSet<ObjectKey> dependencies)
    {
        string ns = running.Name.Namespace;
        var secret = Find(name);
        var authorities = secret is { Authorities.Length: > 0 } ? secret : Find(name + AuthoritiesOnly);
        string pem = authorities?.Authorities ?? "";
        string? problem = secret is null && (pair || authorities is null) ? $"there is no Secret {ns}/{name}"
            : pair && secret!.PairProblem is { } bad ? $"Secret {ns}/{name} {bad}"
            : (pem.Length > 0 || !pair) && PemCheck.AuthoritiesProblem(pem) is { } unread ? $"Secret {(authorities ?? secret)!.Meta.Namespace}/{(authorities ?? secret)!.Meta.Name} {unread}"
            : null;
        bool whole = pair && problem is null;
        return new GatewayCertificate
        {
            Gateway = running.Name,
            Secret = new NamespacedName(ns, name),
            ServiceAccount = running.ServiceAccount,
            Chain = whole ? secret!.Chain : "",
            PrivateKey = whole ? secret!.PrivateKey : "",
            Authorities = problem is null ? pem : "",
            Problem = problem,
        };

        SecretSource? Find(string of)
        {
            var key = new ObjectKey(KnownKinds.Secret, ns, of);
            dependencies.Add(key);
            return index.Secrets.Find(key);
        }
    }
}
