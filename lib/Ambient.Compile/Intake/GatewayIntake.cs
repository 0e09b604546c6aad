using System.Text.Json.Nodes;
using Ambient.Compile.Enrolment;
using Ambient.Compile.Gateways.Istio;
using Ambient.Compile.Gateways.Running;
using Ambient.Compile.Index;
using Ambient.Compile.Sources;

namespace Ambient.Compile.Intake;

/// <summary>Gateways, their classes, routes and grants into the index.</summary>
internal sealed class GatewayIntake(MeshIndex index, DirtySet dirty)
{
    public void Gateway(ObjectKey key, GatewaySource? gateway)
    {
        var old = index.Gateways.Set(key, gateway);
        if (old?.ServiceByHand is { } was)
        {
            index.GatewaysByHand.Remove(was.Namespace, key);
        }

        if (gateway?.ServiceByHand is { } now)
        {
            index.GatewaysByHand.Add(now.Namespace, key);
        }

        dirty.Add(key);
        dirty.Add(index.RoutesOf[key]);
        dirty.Add(index.PoliciesAt[key]);
        Sets(key);
        dirty.Add(index.IstioGateways.Keys);
        dirty.Add(index.BackendTls.Keys);
        dirty.Add(index.Routing.WithCredentials);
        foreach (string @class in new[] { old?.Class, gateway?.Class }.OfType<string>().Distinct())
        {
            dirty.Add(index.PoliciesAt[new ObjectKey(KnownKinds.GatewayClass, "", @class)]);
        }

        if (!(gateway?.Same(old) ?? old is null))
        {
            foreach (var user in index.WaypointUsers[key])
            {
                // Which policies are at its class is part of what was found once for them.
                index.Classes.Forget(user.Namespace);
                dirty.Add(user);
                Endpoints(user);
            }
        }
    }

    /// <summary>What a Gateway listens to changes with its ListenerSets, and so does which of them conflict.</summary>
    public void ListenerSet(ObjectKey key, ListenerSetSource? set)
    {
        var old = index.ListenerSets.Set(key, set);
        if (old?.Gateway is { } was)
        {
            index.ListenerSetsOf.Remove(was, key);
        }

        if (set?.Gateway is { } now)
        {
            index.ListenerSetsOf.Add(now, key);
        }

        dirty.Add(key);
        dirty.Add(index.RoutesOf[key]);
        foreach (var gateway in new[] { old?.Gateway, set?.Gateway }.OfType<ObjectKey>().Distinct())
        {
            SetsChanged(gateway);
        }
    }

    private void SetsChanged(ObjectKey gateway)
    {
        dirty.Add(gateway);
        Sets(gateway);
        dirty.Add(index.IstioGateways.Keys);
        dirty.Add(index.BackendTls.Keys);
    }

    /// <summary>The running gateway with all ListenerSets of a Gateway, and their routes.</summary>
    private void Sets(ObjectKey gateway)
    {
        dirty.Add(RunningGateways.UnitOf(gateway));
        dirty.Add(index.ListenerSetsOf[gateway]);
        dirty.Add(index.ListenerSetsOf[gateway].SelectMany(s => index.RoutesOf[s]));
    }

    /// <summary>A Gateway's own pods and Service, by their label: its status says how many are ready and where it is reached.</summary>
    public void PartChanged(SourceMeta? old, SourceMeta? now)
    {
        foreach (var part in new[] { old, now })
        {
            if (part?.Label(EnrolmentLabels.GatewayName) is { Length: > 0 } gateway)
            {
                Standing(new ObjectKey(KnownKinds.Gateway, part.Namespace, gateway));
            }

            if (part is not null)
            {
                foreach (var byHand in index.GatewaysByHand[part.Namespace])
                {
                    Standing(byHand);
                }
            }
        }
    }

    private void Standing(ObjectKey gateway)
    {
        dirty.Add(gateway);
        dirty.Add(index.ListenerSetsOf[gateway]);
    }

    public void Class(ObjectKey key, GatewayClassSource? @class)
    {
        index.GatewayClasses.Set(key, @class);
        dirty.Add(key);
        foreach (var gateway in index.Gateways.All.Where(g => g.Class == key.Name))
        {
            dirty.Add(gateway.Meta.Key);
            Sets(gateway.Meta.Key);
            dirty.Add(index.RoutesOf[gateway.Meta.Key]);
            dirty.Add(index.PoliciesAt[gateway.Meta.Key]);
        }

        dirty.Add(index.IstioGateways.Keys);
        dirty.Add(index.BackendTls.Keys);
        dirty.Add(index.Routing.WithCredentials);
    }

    /// <summary>Whom an Istio Gateway chooses may change with it, and what the gateways listen to beside it.</summary>
    public void IstioGateway(ObjectKey key, JsonObject? manifest)
    {
        index.IstioGateways.Set(key, manifest is null ? null : IstioGatewayReader.Read(manifest, SourceMeta.Read(new JsonView(manifest, ""), key), index.IstioGateways.Find(key)));
        dirty.Add(index.IstioGateways.Keys);
        dirty.Add(key);
        dirty.Add(RunningGateways.Units(index));
        dirty.Add(index.Routing.Units.Of(key));
    }

    /// <summary>A pod came, went or changed: it may be a gateway's.</summary>
    public void PodChanged(PodSource? old, PodSource? pod)
    {
        var (before, now) = (GatewayOf(old), GatewayOf(pod));
        if (before is null && now is null)
        {
            return;
        }

        if (before is { } gone)
        {
            index.GatewayPods.Remove(gone, old!.Meta.Key);
            dirty.Add(RunningGateways.UnitOf(gone));
        }

        if (now is { } come)
        {
            index.GatewayPods.Add(come, pod!.Meta.Key);
            dirty.Add(RunningGateways.UnitOf(come));
        }

        dirty.Add(index.Routing.WithCredentials);
        dirty.Add(index.IstioGateways.Keys);
    }

    /// <summary>Returns the targets that it has or had.</summary>
    public IEnumerable<ObjectKey> BackendTls(ObjectKey key, BackendTlsSource? policy)
    {
        var old = index.BackendTls.Set(key, policy);
        List<ObjectKey> targets = [.. (old?.Targets ?? []).Concat(policy?.Targets ?? []).Select(static t => t.Target).Distinct()];
        foreach (var (target, _) in old?.Targets ?? [])
        {
            index.BackendTlsOf.Remove(target, key);
        }

        foreach (var (target, _) in policy?.Targets ?? [])
        {
            index.BackendTlsOf.Add(target, key);
        }

        dirty.Add(key);
        dirty.Add(targets.SelectMany(t => index.BackendTlsOf[t]));
        return targets;
    }

    /// <summary>A Secret or ConfigMap came, went or changed.</summary>
    public void Secret(ObjectKey key, SecretSource? secret)
    {
        index.Secrets.Set(key, secret);
        dirty.Add(index.Routing.Units.Of(key));
    }

    /// <inheritdoc cref="Secret"/>
    public void ConfigMap(ObjectKey key, ConfigMapSource? map)
    {
        index.ConfigMaps.Set(key, map);
        dirty.Add(index.Routing.Units.Of(key));
    }

    private static ObjectKey? GatewayOf(PodSource? pod) =>
        pod is { Finished: false } && pod.Meta.Label(GatewayPodLabels.Proxy) == "gateway" && pod.Meta.Label(GatewayPodLabels.Name) is { Length: > 0 } name
            ? new ObjectKey(KnownKinds.Gateway, pod.Meta.Namespace, name)
            : null;

    public void Route(ObjectKey key, RouteSource? route)
    {
        var old = index.Routes.Set(key, route);
        foreach (var used in old is null ? [] : Uses(old))
        {
            index.RoutesOf.Remove(used, key);
            index.RoutesByKind.Remove((used, key.Kind), key);
        }

        foreach (var used in route is null ? [] : Uses(route))
        {
            index.RoutesOf.Add(used, key);
            index.RoutesByKind.Add((used, key.Kind), key);
        }

        dirty.Add(key);
        foreach (var version in new[] { old, route })
        {
            Parents(version);
            dirty.Add((version?.Backends ?? []).Select(static b => b.Key).OfType<ObjectKey>().SelectMany(b => index.BackendTlsOf[b]));
        }
    }

    public void Grant(ObjectKey key, GrantSource? grant)
    {
        index.Grants.Set(key, grant);
        dirty.Add(index.RoutesOf[NamespaceKey(key.Namespace)]);
        dirty.Add(index.Routing.Units.Of(NamespaceKey(key.Namespace)));
    }

    /// <summary>Which routes a listener takes may depend on labels of their namespaces, and so does what Services are bound to.</summary>
    public void NamespaceChanged(ObjectKey key)
    {
        foreach (var route in index.RoutesOf[key])
        {
            dirty.Add(route);
            Parents(index.Routes.Find(route));
        }

        foreach (var gateway in index.ListenerSets.In(key.Name).Values.Select(static s => s.Gateway).OfType<ObjectKey>().Distinct().ToList())
        {
            SetsChanged(gateway);
        }
    }

    /// <summary>A Service or ServiceEntry came, went or changed.</summary>
    public void ReferencedChanged(ObjectKey key)
    {
        dirty.Add(index.RoutesOf[key]);
        dirty.Add(index.PoliciesAt[key]);
    }

    /// <summary>What a route's parents say changes with it: Gateways count it, and other routes may conflict with it.</summary>
    private void Parents(RouteSource? route)
    {
        foreach (var parent in route?.Parents.Select(route.KeyOf).OfType<ObjectKey>() ?? [])
        {
            dirty.Add(parent.Kind is KnownKinds.Gateway or KnownKinds.ListenerSet ? [parent, .. RivalKind(parent, route!.Meta.Key.Kind)] : index.RoutesOf[parent]);
            dirty.Add(index.ListenerSets.Find(parent)?.Gateway is { } gateway ? [gateway] : []);
        }
    }

    /// <summary>Routes of the other of the two HTTP kinds: of a host a Gateway has only one of them.</summary>
    private IReadOnlySet<ObjectKey> RivalKind(ObjectKey parent, string kind) => index.RoutesByKind[(parent, kind switch
    {
        KnownKinds.HttpRoute => KnownKinds.GrpcRoute,
        KnownKinds.GrpcRoute => KnownKinds.HttpRoute,
        _ => "",
    })];

    private void Endpoints(ObjectKey user)
    {
        dirty.Add(index.RoutesOf[user]);
        dirty.Add(index.PoliciesAt[user]);
        // What reaches the workloads behind it, and who enforces their policies, depends on its waypoint.
        if ((index.Services.Find(user)?.Selector ?? index.ServiceEntries.Find(user)?.Selector) is { Count: > 0 } selector)
        {
            dirty.Add(index.Labels.Selected(user.Namespace, selector));
        }

        foreach (var slice in index.SlicesOfService[user])
        {
            dirty.Add(index.Slices.Find(slice)?.Endpoints.Where(static e => e.Pod.Length > 0).Select(e => new ObjectKey(KnownKinds.Pod, user.Namespace, e.Pod)) ?? []);
        }
    }

    private static IEnumerable<ObjectKey> Uses(RouteSource route)
    {
        var parents = route.Parents.Select(route.KeyOf).OfType<ObjectKey>().ToList();
        return parents.Concat(route.Backends.Select(static b => b.Key).OfType<ObjectKey>())
            .Concat(route.Backends.Select(static b => NamespaceKey(b.Namespace)))
            .Concat(parents.Select(static p => NamespaceKey(p.Namespace)))
            .Append(NamespaceKey(route.Meta.Namespace))
            .Distinct();
    }

    private static ObjectKey NamespaceKey(string @namespace) => new(KnownKinds.Namespace, "", @namespace);
}
