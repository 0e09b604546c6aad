using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ambient.Compile.Gateways;
using Ambient.Compile.Gateways.Listeners;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Provisioning;

/// <summary>
/// Gateway (Gateway API v1) → Deployment, Service, ServiceAccount, PodDisruptionBudget and, where its parameters ask for one,
/// HorizontalPodAutoscaler. Pure: equal inputs give equal manifests.
/// </summary>
public static class GatewayPlanner
{
    /// <summary>Whether a Gateway of this class is ours, given the controller that a GatewayClass of that name declares (null: there is none).</summary>
    public static bool IsOurs(string gatewayClass, string? controller) => GatewayClasses.RoleOf(gatewayClass, controller) != GatewayRole.Foreign;

    /// <summary>The ConfigMap in the Gateway's namespace that its <c>spec.infrastructure.parametersRef</c> names; null when it names none.</summary>
    /// <exception cref="ProvisioningException">It refers to something else than a ConfigMap.</exception>
    public static string? ParametersOf(JsonObject gateway)
    {
        try
        {
            return Reference(new JsonView(gateway, "")["spec"]["infrastructure"]["parametersRef"]);
        }
        catch (FieldException e)
        {
            throw new ProvisioningException($"{e.Path} {e.Message}");
        }
    }

    /// <param name="gateway">The manifest, with its uid where it has one.</param>
    /// <param name="controller">That of its GatewayClass; null when there is none.</param>
    /// <param name="parameters">ConfigMaps with overlays, the later over the earlier: the class's defaults, then the Gateway's own.</param>
    /// <param name="options">Of the installation.</param>
    /// <param name="sets">ListenerSets that may be the Gateway's: the Service has the ports of those that it takes.</param>
    /// <returns>Null for a Gateway that is not ours, or whose spec names a Service of its own (manual deployment).</returns>
    /// <exception cref="ProvisioningException">The parameters make no sense.</exception>
    public static GatewayPlan? Plan(JsonObject gateway, string? controller, IReadOnlyList<JsonObject> parameters, ProvisioningOptions options, IReadOnlyList<ListenerSetManifest>? sets = null)
    {
        ArgumentNullException.ThrowIfNull(gateway);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(options);
        try
        {
            if (ObjectKey.Of(gateway) is not { } key)
            {
                return null;
            }

            var view = new JsonView(gateway, "");
            var source = GatewaySource.Read(view, key);
            var role = GatewayClasses.RoleOf(source.Class, controller);
            return role == GatewayRole.Foreign || source.ServiceByHand is not null
                ? null
                : new GatewayManifests(GatewayFrame.Of(view, source, role) with { Added = Added(source, role, sets ?? []) }, options, [.. parameters.Select(Overlays.Read)]).Build();
        }
        catch (FieldException e)
        {
            throw new ProvisioningException($"{e.Path} {e.Message}");
        }
    }

    private static ImmutableArray<ListenerSource> Added(GatewaySource gateway, GatewayRole role, IReadOnlyList<ListenerSetManifest> sets) =>
        role == GatewayRole.Waypoint || gateway.AllowedListeners is not { } allowed ? [] :
    [
        .. sets.Select(s => (Set: Read(s.Manifest), s.NamespaceLabels))
            .Where(s => s.Set is { } set && set.Gateway == gateway.Meta.Key && allowed.Allow(gateway.Meta.Namespace, set.Meta.Namespace, s.NamespaceLabels))
            .Select(static s => s.Set!).OrderBy(static s => s.Meta, Comparer<SourceMeta>.Create(SourceMeta.ByAge)).SelectMany(static s => s.Listeners).Take(ListenerRivals.Most),
    ];

    /// <summary>One that cannot be read adds nothing, and its status says why: it does not stop its Gateway.</summary>
    private static ListenerSetSource? Read(JsonObject set)
    {
        try
        {
            return ObjectKey.Of(set) is { } key ? ListenerSetSource.Read(new JsonView(set, ""), key) : null;
        }
        catch (Exception e) when (e is FieldException || JsonView.IsUnreadable(e))
        {
            return null;
        }
    }

    private static string? Reference(JsonView reference) => !reference.Exists ? null
        : reference.Text("group").Length == 0 && reference.Text("kind") == "ConfigMap" && reference.Text("name") is { Length: > 0 } name ? name
        : throw new ProvisioningException($"{reference.Path}: parameters are read from a ConfigMap of the same namespace: group \"\", kind ConfigMap");
}
