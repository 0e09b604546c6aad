using Ambient.Compile.Index;
using Ambient.Compile.Routes;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Gateways;

/// <summary>Whether a backend is there and may be used (Gateway API v1, RouteConditionResolvedRefs).</summary>
internal static class BackendCheck
{
    /// <param name="grants">False for a route of the mesh, which needs no ReferenceGrant (GEP-1294).</param>
    /// <returns>The reason, or null when nothing is wrong.</returns>
    public static (string Reason, string Message)? Problem(MeshIndex index, SourceMeta route, BackendSource backend, bool grants)
    {
        // Datagrams go straight to the pods of a Service.
        bool datagrams = route.Kind == "UDPRoute";
        if (datagrams && backend.Key is not { Kind: KnownKinds.Service })
        {
            return ("InvalidKind", $"{backend.Group}/{backend.Kind} takes no datagrams; use a Service");
        }

        if (backend.IsHost)
        {
            return RouteTargets.Find(index, backend.Name.ToLowerInvariant(), route.Namespace) is { } target
                ? target.Ports.Contains(backend.Port) ? null : ("BackendNotFound", $"{backend.Name} has no port {backend.Port}")
                : ("BackendNotFound", $"no service has the host {backend.Name}");
        }

        if (backend.Key is not { } key)
        {
            return ("InvalidKind", $"{backend.Group}/{backend.Kind} is no backend; use a Service");
        }

        if (grants && backend.Namespace != route.Namespace
            && !index.Grants.In(backend.Namespace).Values.Any(g => g.Permits(route.Kind, route.Namespace, backend.Group, backend.Kind, backend.Name)))
        {
            return ("RefNotPermitted", $"no ReferenceGrant in {backend.Namespace} lets a {route.Kind} of {route.Namespace} refer to {backend.Kind} {backend.Name}");
        }

        if (key.Kind == KnownKinds.ServiceEntry)
        {
            return index.ServiceEntries.Find(key) is not { } entry ? ("BackendNotFound", $"there is no ServiceEntry {backend.Namespace}/{backend.Name}")
                : entry.Spec?.Ports?.Any(p => p.Number == backend.Port) == true ? null
                : ("BackendNotFound", $"ServiceEntry {backend.Namespace}/{backend.Name} has no port {backend.Port}");
        }

        return index.Services.Find(key) is not { } service ? ("BackendNotFound", $"there is no Service {backend.Namespace}/{backend.Name}")
            : backend.Port == 0 ? ("BackendNotFound", $"the port of Service {backend.Namespace}/{backend.Name} is missing")
            : service.Ports.FirstOrDefault(p => p.Port == backend.Port && p.Protocol == "UDP" == datagrams) is not { } port
                ? ("BackendNotFound", $"Service {backend.Namespace}/{backend.Name} has no {(datagrams ? "UDP " : "")}port {backend.Port}")
            : datagrams && port.TargetName.Length > 0
                ? ("BackendNotFound", $"port {backend.Port} of Service {backend.Namespace}/{backend.Name} leads to a port by the name {port.TargetName}; for datagrams write its number")
            : null;
    }
}
