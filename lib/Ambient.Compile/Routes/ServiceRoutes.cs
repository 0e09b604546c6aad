using Ambient.Compile.Index;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Routes;

/// <summary>Routes that are attached to a service of the mesh (GEP-1294).</summary>
internal static class ServiceRoutes
{
    /// <summary>Each with the ports that it names; 0 for all.</summary>
    public static IEnumerable<(T Route, HashSet<int> Ports)> Attached<T>(MeshIndex index, Table<T> table, RouteTarget target) where T : class
    {
        foreach (var key in index.RoutesOf[target.Object].Order())
        {
            if (table.Find(key) is { } route && index.Routes.Find(key) is { } source)
            {
                HashSet<int> ports = [.. source.Parents.Where(p => source.KeyOf(p) == target.Object)
                    .SelectMany(p => ParentPorts.IsWhole(p) ? [0] : ParentPorts.Of(index, target.Object, p).Where(port => target.Ports.Contains(port)))];
                if (ports.Count > 0)
                {
                    yield return (route, ports);
                }
            }
        }
    }

    /// <summary>Those of the client's namespace when there are any, else those of the service's.</summary>
    /// <param name="port">0: only those for every port.</param>
    public static List<T> Find<T>(MeshIndex index, Table<T> table, Func<T, SourceMeta> meta, RouteTarget target, string? client, int port) where T : class
    {
        var attached = Attached(index, table, target).Where(r => r.Ports.Contains(0) || r.Ports.Contains(port)).Select(static r => r.Route).ToList();
        var consumers = client is null || client == target.Namespace ? [] : attached.Where(r => meta(r).Namespace == client).ToList();
        return consumers.Count > 0 ? consumers : attached.FindAll(r => meta(r).Namespace == target.Namespace);
    }
}
