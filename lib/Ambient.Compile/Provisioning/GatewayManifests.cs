using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Ambient.Core;
using Ambient.Compile.Gateways;
using Ambient.Compile.Gateways.Listeners;

namespace Ambient.Compile.Provisioning;

/// <summary>One Gateway's manifests: ours first, then the overlays in order, then what must not be overlaid.</summary>
internal sealed class GatewayManifests(GatewayFrame frame, ProvisioningOptions options, ImmutableArray<Overlays> overlays)
{
    private const string ReplicasAnnotation = "ambient.dev/replicas";
    private const string ServiceTypeAnnotation = "ambient.dev/service-type";
    private const string IstioServiceType = "networking.istio.io/service-type";

    /// <summary>A Service is one object of bounded size, and cloud load balancers take fewer.</summary>
    private const int MostPorts = 250;

    public GatewayPlan Build()
    {
        var deployment = Overlaid("deployment", DeploymentManifest.Of(frame, options));
        var spec = (JsonObject)deployment["spec"]!;
        // A selector cannot be changed later, and what does not match it is nobody's pod.
        spec["selector"] = new JsonObject { ["matchLabels"] = frame.Selector() };
        if (spec["template"]?["metadata"]?["labels"] is JsonObject labels)
        {
            labels[GatewayPlan.GatewayLabel] = frame.GatewayName;
        }

        int? replicas = Number(spec["replicas"], "deployment: spec.replicas") ?? Annotated();
        spec.Remove("replicas");
        var autoscaler = overlays.Any(static o => o.Has(Overlays.Autoscaler)) ? Overlaid(Overlays.Autoscaler, Autoscaler()) : null;
        return new GatewayPlan(
            Overlaid("serviceAccount", ServiceAccount()), Pruned(deployment), Overlaid("service", Service()), Budget(),
            autoscaler is null ? null : Pruned(autoscaler), autoscaler is null ? replicas : null, replicas ?? options.Replicas);
    }

    private int? Annotated() => frame.Gateway.Meta.Annotation(ReplicasAnnotation) is { Length: > 0 } text
        ? int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= 1000
            ? number
            : throw new ProvisioningException($"metadata.annotations[{ReplicasAnnotation}] '{text}' is not a number from 0 to 1000")
        : null;

    private static int? Number(JsonNode? node, string where) => node is null ? null
        : node is JsonValue value && value.TryGetValue(out int number) && number >= 0 ? number
        : throw new ProvisioningException($"{where} must be a whole number");

    private JsonObject ServiceAccount() => frame.Object("v1", "ServiceAccount", frame.GatewayName);

    private JsonObject Service()
    {
        var service = frame.Object("v1", "Service", frame.Name);
        string type = ServiceType();
        service["spec"] = new JsonObject
        {
            ["type"] = type,
            ["selector"] = frame.Selector(),
            ["loadBalancerIP"] = type == "LoadBalancer" && frame.LoadBalancerIp.Length > 0 ? frame.LoadBalancerIp : null,
            ["ports"] = new JsonArray([.. Ports()]),
        };
        return service;
    }

    private string ServiceType()
    {
        string asked = new[] { ServiceTypeAnnotation, IstioServiceType }
            .SelectMany(name => new[] { frame.Annotations.GetValueOrDefault(name, ""), frame.Gateway.Meta.Annotation(name) })
            .FirstOrDefault(static t => t.Length > 0) ?? (frame.Role == GatewayRole.Waypoint ? "ClusterIP" : "LoadBalancer");
        return asked is "ClusterIP" or "NodePort" or "LoadBalancer"
            ? asked
            : throw new ProvisioningException($"annotation {ServiceTypeAnnotation}: '{asked}' is no Service type; use ClusterIP, NodePort or LoadBalancer");
    }

    private IEnumerable<JsonNode> Ports()
    {
        yield return Port("status-port", ProxyPorts.Readiness);
        if (frame.Role == GatewayRole.Waypoint)
        {
            yield return Port("hbone", ProxyPorts.Hbone);
            yield break;
        }

        // The gateway's own ports are never opened to the outside, whoever asks for it.
        foreach (var listener in frame.Gateway.Listeners.Concat(frame.Added)
            .Where(static l => l.Port is > 0 and <= ushort.MaxValue && (!ListenerPlanner.ReservedPorts.Contains(l.Port) || (l.Protocol == "HBONE" && l.Port == ProxyPorts.Hbone)))
            .DistinctBy(static l => (l.Port, l.Protocol == "UDP")).Take(MostPorts))
        {
            yield return Port(string.Create(CultureInfo.InvariantCulture, $"{Prefix(listener.Protocol)}-{listener.Port}"), listener.Port, listener.Protocol == "UDP" ? "UDP" : "TCP");
        }
    }

    private static string Prefix(string protocol) => protocol switch
    {
        "HTTP" => "http",
        "HTTPS" => "https",
        "TLS" => "tls",
        "HBONE" => "hbone",
        "UDP" => "udp",
        _ => "tcp",
    };

    private static JsonObject Port(string name, int port, string protocol = "TCP") => new() { ["name"] = name, ["port"] = port, ["protocol"] = protocol, ["targetPort"] = port };

    /// <summary>One pod at a time may be taken away: with a minimum of one, a Gateway with a single pod would hold up its node's drain.</summary>
    private JsonObject Budget()
    {
        var budget = frame.Object("policy/v1", "PodDisruptionBudget", frame.Name);
        budget["spec"] = new JsonObject
        {
            ["selector"] = new JsonObject { ["matchLabels"] = frame.Selector() },
            ["maxUnavailable"] = 1,
        };
        budget = Overlaid("podDisruptionBudget", budget);
        if (budget["spec"]?["minAvailable"] is not null)
        {
            ((JsonObject)budget["spec"]!).Remove("maxUnavailable");
        }

        return Pruned(budget);
    }

    private JsonObject Autoscaler()
    {
        var autoscaler = frame.Object("autoscaling/v2", "HorizontalPodAutoscaler", frame.Name);
        autoscaler["spec"] = new JsonObject
        {
            ["scaleTargetRef"] = new JsonObject { ["apiVersion"] = "apps/v1", ["kind"] = "Deployment", ["name"] = frame.Name },
            ["maxReplicas"] = 5,
        };
        return autoscaler;
    }

    /// <summary>Kind, name, namespace, owner and our labels stay as they are, whatever an overlay says.</summary>
    private JsonObject Overlaid(string key, JsonObject ours)
    {
        var merged = ours;
        foreach (var overlay in overlays)
        {
            merged = overlay.Over(key, merged);
        }

        foreach (string field in (ReadOnlySpan<string>)["apiVersion", "kind"])
        {
            merged[field] = ours[field]?.DeepClone();
        }

        if (merged["metadata"] is not JsonObject metadata)
        {
            merged["metadata"] = ours["metadata"]?.DeepClone();
            return Pruned(merged);
        }

        foreach (string field in (ReadOnlySpan<string>)["name", "namespace", "ownerReferences"])
        {
            metadata[field] = ours["metadata"]?[field]?.DeepClone();
        }

        if (metadata["labels"] is JsonObject labels)
        {
            foreach (string label in (ReadOnlySpan<string>)[GatewayPlan.GatewayLabel, GatewayPlan.ClassLabel, GatewayPlan.ManagedByLabel])
            {
                labels[label] = ours["metadata"]?["labels"]?[label]?.DeepClone();
            }
        }
        else
        {
            metadata["labels"] = ours["metadata"]?["labels"]?.DeepClone();
        }

        return Pruned(merged);
    }

    private static JsonObject Pruned(JsonObject manifest)
    {
        foreach (var (name, value) in manifest.ToList())
        {
            if (value is null)
            {
                manifest.Remove(name);
            }
            else if (value is JsonObject inner)
            {
                Pruned(inner);
            }
        }

        return manifest;
    }
}
