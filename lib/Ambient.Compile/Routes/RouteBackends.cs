using System.Collections.Immutable;
using Ambient.Compile.Gateways;
using Ambient.Compile.Index;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes;

/// <summary>Backends of Gateway API routes: what may not be used answers 500 for its share, whether it is there or not.</summary>
/// <param name="grants">True at Gateways, where a backend of another namespace needs a ReferenceGrant.</param>
internal sealed class RouteBackends(MeshIndex index, Backends backends, HashSet<ObjectKey> dependencies, bool grants)
{
    public const int Missing = 500;

    public ImmutableArray<WeightedBackend> Of(ImmutableArray<WrittenDestination> destinations, SourceMeta route) =>
    [
        .. backends.Of([.. destinations.Select(Located)], route.Namespace)
            .Select((b, i) => Problem(destinations[i], route) is { } refused ? b with { Invalid = new RouteAction.Fail(Missing, refused) } : b),
    ];

    /// <summary>Of TLS and TCP: connections that nothing stands behind are refused.</summary>
    public ImmutableArray<WeightedBackend> OfStream(ImmutableArray<WrittenDestination> destinations, SourceMeta route)
    {
        var all = Of(destinations, route);
        bool none = all.Length > 1 ? all.Sum(static b => (long)b.Weight) == 0 : all is [{ Weight: 0 }];
        return none ? [.. all.Select(static b => b with { Invalid = new RouteAction.Fail(Missing, "the weights of the rule's backends sum to 0") })] : all;
    }

    /// <summary>Mirrors that lead nowhere, or to where they may not, are left out.</summary>
    public ImmutableArray<RouteMirror> Mirrors(ImmutableArray<WrittenMirror> mirrors, SourceMeta route) =>
        backends.Mirrors([.. mirrors.Where(m => Problem(m.Destination, route) is null).Select(m => m with { Destination = Located(m.Destination) })], route.Namespace);

    private string? Problem(WrittenDestination destination, SourceMeta route)
    {
        if (destination.Backend is not { } backend)
        {
            return null;
        }

        if (grants && backend.Namespace != route.Namespace)
        {
            dependencies.Add(new ObjectKey(KnownKinds.Namespace, "", backend.Namespace));
        }

        return BackendCheck.Problem(index, route, backend, grants)?.Message;
    }

    /// <summary>A ServiceEntry is known by its host.</summary>
    private WrittenDestination Located(WrittenDestination destination)
    {
        if (destination.Backend?.Key is not { Kind: KnownKinds.ServiceEntry } key)
        {
            return destination;
        }

        dependencies.Add(key);
        return index.ServiceEntries.Find(key)?.Hosts is [var host, ..] ? destination with { Host = host.ToLowerInvariant() } : destination;
    }
}
