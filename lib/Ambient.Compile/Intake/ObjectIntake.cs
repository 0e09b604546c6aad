using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ambient.Compile.Index;
using Ambient.Compile.Later;
using Ambient.Compile.Routes;
using Ambient.Compile.Routes.OwnPolicies;
using Ambient.Compile.Settings;
using Ambient.Compile.Sources;
using Ambient.Compile.Tokens;

namespace Ambient.Compile.Intake;

/// <summary>
/// Takes one object into the index, or out of it, and marks what depends on it. Kinds without meaning here do nothing.
/// </summary>
internal sealed class ObjectIntake(MeshIndex index, DirtySet dirty)
{
    private readonly WorkloadIntake _workloads = new(index, dirty);
    private readonly PolicyIntake _policies = new(index, dirty);
    private readonly GatewayIntake _gateways = new(index, dirty);
    private readonly RouteIntake _routes = new(index, dirty);
    private readonly TelemetryIntake _telemetry = new(index, dirty);
    private readonly TokenIntake _tokens = new(index, dirty);
    private readonly OwnPolicyIntake _own = new(index, dirty);

    /// <summary>A null manifest removes the object.</summary>
    /// <exception cref="FieldException">The object cannot be read; nothing was changed.</exception>
    public void Take(ObjectKey key, JsonObject? manifest)
    {
        var view = new JsonView(manifest, "");
        if (key.Kind.StartsWith(RouteSource.Group, StringComparison.Ordinal))
        {
            Later(key, manifest, view);
        }

        switch (key.Kind)
        {
            case KnownKinds.Namespace:
                Namespace(key, manifest is null ? null : SourceMeta.Read(view, key));
                break;
            case KnownKinds.Node:
                Node(key, manifest is null ? null : NodeSource.Read(view, key));
                break;
            case KnownKinds.Pod:
                var pod = index.Pods.Find(key);
                _workloads.Pod(key, manifest is null ? null : PodSource.Read(view, key));
                _gateways.PartChanged(pod?.Meta, index.Pods.Find(key)?.Meta);
                _gateways.PodChanged(pod, index.Pods.Find(key));
                break;
            case KnownKinds.Service:
                var service = index.Services.Find(key);
                _workloads.Service(key, manifest is null ? null : ServiceSource.Read(view, key));
                _gateways.ReferencedChanged(key);
                _gateways.PartChanged(service?.Meta, index.Services.Find(key)?.Meta);
                _routes.ServiceChanged(service, index.Services.Find(key));
                break;
            case KnownKinds.EndpointSlice:
                _workloads.Slice(key, manifest is null ? null : SliceSource.Read(view, key));
                break;
            case KnownKinds.WorkloadEntry:
                _workloads.WorkloadEntry(key, manifest is null ? null : WorkloadEntrySource.Read(manifest, SourceMeta.Read(view, key), index.WorkloadEntries.Find(key)));
                break;
            case KnownKinds.ServiceEntry:
                var entry = index.ServiceEntries.Find(key);
                _workloads.ServiceEntry(key, manifest is null ? null : ServiceEntrySource.Read(manifest, SourceMeta.Read(view, key), entry));
                _gateways.ReferencedChanged(key);
                _routes.EntryChanged(entry, index.ServiceEntries.Find(key));
                break;
            case KnownKinds.Gateway:
                _gateways.Gateway(key, manifest is null ? null : GatewaySource.Read(view, key));
                break;
            case KnownKinds.ListenerSet:
                _gateways.ListenerSet(key, manifest is null ? null : ListenerSetSource.Read(view, key));
                break;
            case KnownKinds.GatewayClass:
                _gateways.Class(key, manifest is null ? null : GatewayClassSource.Read(view, key));
                break;
            case KnownKinds.HttpRoute or KnownKinds.GrpcRoute or KnownKinds.TlsRoute or KnownKinds.TcpRoute or KnownKinds.UdpRoute:
                var route = index.Routes.Find(key);
                _gateways.Route(key, manifest is null ? null : RouteSource.Read(view, key));
                _routes.Route(key, manifest, route);
                break;
            case KnownKinds.BackendTlsPolicy:
                foreach (var target in _gateways.BackendTls(key, manifest is null ? null : BackendTlsSource.Read(view, key)))
                {
                    _routes.TargetChanged(target);
                }

                break;
            case KnownKinds.IstioGateway:
                _gateways.IstioGateway(key, manifest);
                break;
            case KnownKinds.Secret:
                _gateways.Secret(key, manifest is null ? null : SecretSource.Read(view, key));
                break;
            case KnownKinds.ConfigMap:
                _gateways.ConfigMap(key, manifest is null ? null : ConfigMapSource.Read(view, key));
                break;
            case KnownKinds.ReferenceGrant:
                _gateways.Grant(key, manifest is null ? null : GrantSource.Read(view, key));
                break;
            case KnownKinds.Mesh:
                index.Meshes.Set(key, manifest is null ? null : MeshReader.Read(manifest, SourceMeta.Read(view, key), index.Meshes.Find(key), index.Options.Settings));
                dirty.Add(key);
                MeshChanged();
                break;
            case KnownKinds.Sidecar:
                Sidecar(key, manifest is null ? null : SidecarSource.Read(manifest, SourceMeta.Read(view, key), index.Sidecars.Find(key)));
                break;
            case KnownKinds.Telemetry:
                _telemetry.Telemetry(key, manifest, manifest is null ? null : SourceMeta.Read(view, key));
                break;
            case KnownKinds.AuthorizationPolicy:
                _policies.Authorization(key, manifest, manifest is null ? null : SourceMeta.Read(view, key));
                break;
            case KnownKinds.PeerAuthentication:
                _policies.Peer(key, manifest, manifest is null ? null : SourceMeta.Read(view, key));
                break;
            case KnownKinds.RequestAuthentication:
                _tokens.Take(key, manifest);
                break;
            case var _ when _own.Take(key, manifest):
                break;
            case var _ when _routes.Take(key, manifest):
                break;
            default:
                Later(key, manifest, view);
                break;
        }
    }

    /// <summary>Of those without selector the oldest speaks for its scope; those with one are named by whom they choose.</summary>
    private void Sidecar(ObjectKey key, SidecarSource? sidecar)
    {
        var old = index.Sidecars.Set(key, sidecar);
        index.SidecarSelectors.Set(key, sidecar, sidecar?.Selector);
        foreach (var selector in new[] { old?.Selector, sidecar?.Selector }.OfType<IReadOnlyDictionary<string, string>>())
        {
            dirty.Add(index.Labels.Selected(key.Namespace, selector));
        }

        foreach (string ns in index.Options.IsRoot(key.Namespace) ? index.Options.RootNamespaces : [key.Namespace])
        {
            dirty.Add(index.Sidecars.In(ns).Keys);
        }

        dirty.Add(key);
    }

    /// <summary>What is in it depends on its labels and annotations.</summary>
    private void Namespace(ObjectKey key, SourceMeta? meta)
    {
        var old = index.Namespaces.Set(key, meta);
        if (!(old?.Labels).SameAs(meta?.Labels) || !(old?.Annotations).SameAs(meta?.Annotations))
        {
            NamespaceChanged(key.Name);
            dirty.Add(index.Routing.Units.Of(key));
            _gateways.NamespaceChanged(key);
            dirty.Add(key);
        }
    }

    private void Later(ObjectKey key, JsonObject? manifest, JsonView view)
    {
        var meta = manifest is null ? null : SourceMeta.Read(view, key);
        var findings = meta is null ? [] : LaterKinds.Findings(manifest!, meta).ToImmutableArray();
        index.Later.Set(key, findings.IsEmpty ? null : new LaterSource(meta!, findings));
        dirty.Add(key);
    }

    private void NamespaceChanged(string name)
    {
        dirty.Add(index.Labels.Selected(name, null));
        dirty.Add(index.Services.In(name).Keys);
        dirty.Add(index.ServiceEntries.In(name).Keys);
        dirty.Add(index.Authorizations.In(name).Values.Where(static a => a.HasTargets).Select(static a => a.Meta.Key));
        dirty.Add(index.TargetedTokens[name]);
        dirty.Add(index.Routing.OwnPolicies.In(name).Keys);
    }

    /// <summary>Trust domain and cluster domain are part of everything.</summary>
    private void MeshChanged()
    {
        dirty.Add(index.Meshes.Keys);
        _telemetry.MeshChanged();
        var settings = MeshCompilation.Current(index);
        var before = index.Settings;
        if (settings.TrustDomain == before.TrustDomain && settings.ClusterDomain == before.ClusterDomain
            && settings.TrustDomainAliases.SequenceEqual(before.TrustDomainAliases))
        {
            settings = settings with { TrustDomainAliases = before.TrustDomainAliases };
            index.Settings = settings == before ? before : settings;
            return;
        }

        var services = index.Services.All.ToList();
        _workloads.RenameHosts(services, () => index.Settings = settings);
        dirty.Add(index.Labels.All);
        dirty.Add(index.Pods.Keys);
        dirty.Add(index.Services.Keys);
        dirty.Add(index.ServiceEntries.Keys);
        dirty.Add(index.Slices.Keys);
        dirty.Add(index.Authorizations.Keys);
        dirty.Add(index.Tokens.Keys);
        dirty.Add(index.Routing.OwnPolicies.Keys);
        dirty.Add(index.Gateways.Keys);
        dirty.Add(index.IstioGateways.Keys);
        _routes.DomainChanged();
    }

    /// <summary>Nodes report every few seconds; only a change of place matters.</summary>
    private void Node(ObjectKey key, NodeSource? node)
    {
        var old = index.Nodes.Set(key, node);
        if (old?.Locality != node?.Locality)
        {
            dirty.Add(index.PodsOfNode[key.Name]);
        }
    }
}
