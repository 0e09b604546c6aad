using System.Collections.Immutable;
using Ambient.Compile.Gateways.Listeners;
using Ambient.Compile.Index;
using Ambient.Compile.Routes;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;

namespace Ambient.Compile.Gateways.Origination;

/// <summary>
/// BackendTLSPolicies into the policies of their services. One for a port comes before one for all; of several for the same the oldest counts. What
/// cannot be verified is refused, never spoken to in the clear.
/// </summary>
internal static class BackendTls
{
    /// <summary>The policy that counts for a target and section; <paramref name="policy"/> itself or the one that it loses to.</summary>
    public static BackendTlsSource Winner(MeshIndex index, BackendTlsSource policy, (ObjectKey Target, string Section) at) =>
        index.BackendTlsOf[at.Target].Select(index.BackendTls.Find).OfType<BackendTlsSource>().Where(p => p.Targets.Contains(at))
            .OrderBy(static p => p.Meta, Comparer<SourceMeta>.Create(SourceMeta.ByAge)).FirstOrDefault() ?? policy;

    /// <summary>The policies of a service with the TLS that is asked for; a new one where there was none.</summary>
    public static ImmutableArray<BackendPolicy> Over(MeshIndex index, RouteTarget target, ImmutableArray<BackendPolicy> policies, HashSet<ObjectKey> dependencies)
    {
        var asked = index.BackendTlsOf[target.Object].Select(index.BackendTls.Find).OfType<BackendTlsSource>()
            .SelectMany(p => p.Targets.Where(t => t.Target == target.Object).Select(t => (Policy: p, t.Section)))
            .Where(a => Winner(index, a.Policy, (target.Object, a.Section)) == a.Policy).ToList();
        if (asked.Count == 0)
        {
            return policies;
        }

        var all = policies.Any(static p => p.ClientNamespace is null) ? policies : policies.Insert(0, new BackendPolicy { Service = target.Key });
        foreach (var (policy, section) in asked.OrderBy(static a => a.Section.Length == 0 ? 0 : 1))
        {
            var (tls, _, _) = Of(index, policy, dependencies);
            int? port = section.Length == 0 ? null : PortOf(index, target, section);
            if (section.Length == 0 || port is not null)
            {
                all = [.. all.Select(p => With(p, tls, port) with { Origins = [.. p.Origins, new RouteOrigin(policy.Meta.Kind, policy.Meta.Namespace, policy.Meta.Name, 0)] })];
            }
        }

        return all;
    }

    /// <summary>The TLS of a policy, and the reason and words for what could not be found.</summary>
    public static (UpstreamTls Tls, string? Reason, string Message) Of(MeshIndex index, BackendTlsSource policy, HashSet<ObjectKey> dependencies)
    {
        var check = new CertificateCheck(index, policy.Meta.Namespace, dependencies);
        string pem = "";
        (string Reason, string Message)? missing = null;
        foreach (var r in policy.Authorities)
        {
            var (found, reason, message) = check.Authority(r);
            pem += found is null ? "" : found.EndsWith('\n') ? found : found + "\n";
            missing ??= found is null ? (reason == "InvalidCACertificateKind" ? "InvalidKind" : reason, message) : null;
        }

        string? invalid = policy.Problem ?? (pem.Length == 0 && !policy.SystemRoots ? missing?.Message ?? "no authority could be found" : null);
        return (
            new UpstreamTls
            {
                Mode = UpstreamTlsMode.Simple,
                ServerName = policy.Hostname.Length == 0 ? null : policy.Hostname,
                SubjectAltNames = policy.Names,
                CaCertificates = pem,
                Invalid = invalid is null ? null : $"BackendTLSPolicy {policy.Meta.Namespace}/{policy.Meta.Name}: {invalid}",
            },
            missing?.Reason, missing?.Message ?? "");
    }

    private static int? PortOf(MeshIndex index, RouteTarget target, string section) => target.Object.Kind == KnownKinds.Service
        ? index.Services.Find(target.Object)?.Ports.FirstOrDefault(p => p.Name == section)?.Port
        : index.ServiceEntries.Find(target.Object)?.Spec?.Ports?.FirstOrDefault(p => p.Name == section)?.Number;

    private static BackendPolicy With(BackendPolicy policy, UpstreamTls tls, int? port) => port is { } one
        ? policy with
        {
            Ports = policy.Ports.SetItem(one, policy.For(one, null) with { Tls = tls }),
            Subsets = [.. policy.Subsets.Select(s => s with { Ports = s.Ports.SetItem(one, policy.For(one, s.Name) with { Tls = tls }) })],
        }
        : policy with
        {
            Default = policy.Default with { Tls = tls },
            Ports = policy.Ports.ToImmutableDictionary(static p => p.Key, p => p.Value with { Tls = tls }),
            Subsets = [.. policy.Subsets.Select(s => s with
            {
                Policy = s.Policy is null ? null : s.Policy with { Tls = tls },
                Ports = s.Ports.ToImmutableDictionary(static p => p.Key, p => p.Value with { Tls = tls }),
            })],
        };
}
