using System.Text.Json;
using System.Text.Json.Nodes;
using Ambient.Core;
using Ambient.Core.Egress;
using Ambient.Core.Mesh;
using Ambient.Core.Policies.Requests;
using Ambient.Core.Policies.Tokens;
using Ambient.Core.Routes;
using Proto = Ambient.Wire.V1.ProxyResource;

namespace Ambient.Discovery.Codec.Resources;

/// <summary>
/// What stands in for a resource that was refused and of which no earlier version is held, where leaving it out would let more through: what
/// it is about is refused until it can be read.
/// </summary>
internal static class StandIn
{
    private const string Reason = "the configuration cannot be read by this proxy";

    /// <returns>Null when leaving it out lets nothing through.</returns>
    public static ProxyResource? Of(Proto proto, string name)
    {
        if (!ResourceName.TryParse(name, out ResourceName wanted) || wanted.Type != proto.Type || proto.Content.Length > ResourceCodec.MaxBytes)
        {
            return null;
        }

        ProxyResource? standIn = proto.Type switch
        {
            nameof(RequestPolicy) => Deny(proto, wanted.Key),
            nameof(TokenPolicy) => Refuse(proto, wanted.Key),
            nameof(RouteTable) => Part<RouteTable>(proto, "host", "port", "scope", "gateway", "listener", "clientNamespace") is { } table ? Fail(table) : null,
            nameof(BackendPolicy) => Part<BackendPolicy>(proto, "service", "clientNamespace") is { } policy
                ? policy with { Default = new TrafficPolicy { Tls = new UpstreamTls { Mode = UpstreamTlsMode.Simple, Invalid = Reason } } }
                : null,
            nameof(EgressVisibility) => new EgressVisibility { Scope = wanted.Key, Listeners = [new EgressListener(0, [])], AllowOthers = false },
            _ => null,
        };
        return standIn?.Key == wanted.Key ? standIn : null;
    }

    private static RouteTable Fail(RouteTable table) => table with
    {
        Http = [new HttpRule { Origin = new RouteOrigin(nameof(RouteTable), "", table.Host, 0), Action = new RouteAction.Fail(503, Reason) }],
    };

    /// <summary>Denies all that the policy may be about; everything when that is not to be read either.</summary>
    private static RequestPolicy? Deny(Proto proto, string key)
    {
        if (!NamespacedName.TryParse(key, out NamespacedName name))
        {
            return null;
        }

        RequestPolicy? read = Part<RequestPolicy>(proto, "name", "action", "targets", "selector", "dryRun");
        return read is { DryRun: true } ? null : new RequestPolicy
        {
            Name = name,
            Action = RequestPolicyAction.Deny,
            Rules = [new RequestRule()],
            Targets = read?.Targets ?? [new RequestPolicyTarget(RequestPolicyTargetKind.Mesh)],
            Selector = read?.Selector ?? Core.Workloads.Workload.NoLabels,
        };
    }

    /// <summary>Refuses the requests that the policy may be about: tokens that nobody checks must not be believed.</summary>
    private static TokenPolicy? Refuse(Proto proto, string key)
    {
        if (!NamespacedName.TryParse(key, out NamespacedName name))
        {
            return null;
        }

        TokenPolicy? read = Part<TokenPolicy>(proto, "name", "targets", "selector");
        return new TokenPolicy
        {
            Name = name,
            Refused = Reason,
            Targets = read?.Targets ?? [new RequestPolicyTarget(RequestPolicyTargetKind.Mesh)],
            Selector = read?.Selector ?? Core.Workloads.Workload.NoLabels,
        };
    }

    private static T? Part<T>(Proto proto, params ReadOnlySpan<string> fields) where T : ProxyResource
    {
        try
        {
            if (JsonNode.Parse(proto.Content.Span, documentOptions: new JsonDocumentOptions { MaxDepth = ResourceJson.Options.MaxDepth }) is not JsonObject all)
            {
                return null;
            }

            var part = new JsonObject();
            foreach (string field in fields)
            {
                if (all.TryGetPropertyValue(field, out JsonNode? value))
                {
                    part[field] = value?.DeepClone();
                }
            }

            return part.Deserialize<T>(ResourceJson.Options);
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException or InvalidOperationException or NotSupportedException)
        {
            return null;
        }
    }
}
