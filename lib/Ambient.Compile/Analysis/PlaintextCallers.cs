using System.Text.Json.Nodes;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;
using Ambient.Core;
using Ambient.Core.Routes;
using Ambient.Core.Workloads;

namespace Ambient.Compile.Analysis;

/// <summary>STRICT mutual TLS, and who will be refused by it: pods that are not in the mesh, and backend policies that turn TLS off.</summary>
internal static class PlaintextCallers
{
    public static IEnumerable<Finding> Find(WrittenObjects written, CompileResult compiled)
    {
        Workload[] plain = [.. compiled.Workloads.Where(static w => w is { TunnelProtocol: TunnelProtocol.None, NetworkMode: NetworkMode.Standard }
            && w.Uid.Contains("/Pod/", StringComparison.Ordinal) && w.Namespace is not ("kube-system" or MeshDefaults.SystemNamespace))];
        HashSet<string> strict = new(StringComparer.Ordinal);
        foreach (var (key, _) in written.Of(KnownKinds.PeerAuthentication).Where(static p => Mode(p.Content) == "STRICT" && !Selects(p.Content)))
        {
            bool everywhere = key.Namespace is MeshDefaults.SystemNamespace or MeshDefaults.IstioSystemNamespace;
            bool any = false;
            foreach (var target in compiled.Workloads.Where(w => w.TunnelProtocol == TunnelProtocol.Hbone && (everywhere || w.Namespace == key.Namespace)))
            {
                any = true;
                strict.UnionWith(target.Services.Keys);
            }

            Workload[] near = [.. plain.Where(w => everywhere || w.Namespace == key.Namespace)];
            if (any && near.Length > 0)
            {
                yield return MeshAnalysis.Finding(FindingCodes.PlaintextCallers, FindingLevel.Warning, key, "spec.mtls.mode",
                    $"STRICT refuses plaintext, and {(near.Length == 1 ? "a pod" : $"{near.Length} pods")} beside what it means {(near.Length == 1 ? "is" : "are")} not in the mesh and can call only in plaintext: "
                    + string.Join(", ", near.Take(4).Select(static w => $"{w.Namespace}/{w.Name}")) + (near.Length > 4 ? ", …" : ""));
            }
        }

        foreach (var policy in compiled.BackendPolicies.Where(p => strict.Contains(p.Service) && p.Default.Tls?.Mode == UpstreamTlsMode.Disable))
        {
            foreach (var origin in policy.Origins.Take(1))
            {
                yield return new Finding(FindingCodes.PlaintextCallers, FindingLevel.Warning, origin.Kind, origin.Namespace, origin.Name, "spec.trafficPolicy.tls.mode",
                    $"DISABLE asks for plaintext to service {policy.Service}, whose endpoints take mutual TLS only (STRICT)");
            }
        }
    }

    private static string Mode(JsonObject content) => WrittenObjects.Text(((content["spec"] as JsonObject)?["mtls"] as JsonObject)?["mode"]);

    private static bool Selects(JsonObject content) => ((content["spec"] as JsonObject)?["selector"] as JsonObject)?["matchLabels"] is JsonObject { Count: > 0 };
}
