using Ambient.Kube.Emulator.Admission;
using Ambient.Kube.Emulator.Authentication;
using Ambient.Kube.Emulator.Controllers;
using Ambient.Kube.Emulator.Discovery;
using Ambient.Kube.Emulator.Nodes;
using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Storage;
using Ambient.Kube.Emulator.Types;
using Ambient.Kube.Emulator.Watching;
using Ambient.Kube.Emulator.Writing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ambient.Kube.Emulator;

/// <summary>The server's parts, put together. Owns what has to be disposed.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly GarbageCollector collector;

    public Cluster(EmulatorOptions options)
    {
        ILoggerFactory logging = options.Logging ?? NullLoggerFactory.Instance;
        Authority = new ClusterAuthority(options.Time);
        Store = new ResourceStore(options.WatchHistory);
        Catalog = new ResourceCatalog();
        Tokens = new TokenAuthority(Store, options.Time, options.TokenIssuer);
        var addresses = new ServiceAddresses(options.ServiceCidr, options.ServiceCidr6, Store);
        Writer = new ObjectWriter(Store, Catalog, new AdmissionChain(Store, addresses), options.Time);
        Crds = new CrdController(Store, Catalog, options.Time);
        Namespaces = new NamespaceContents(Store, Catalog, Writer, Authority.Pem);
        var deleter = new ObjectDeleter(Store, options.Time, Crds);
        var reads = new ReadEndpoint(Store, options.Time);
        var effects = new WriteEffects(Namespaces, Crds);
        var endpoints = new ResourceEndpoints(
            reads,
            new WatchEndpoint(Store, options),
            new WriteEndpoint(Store, Writer, reads, effects),
            new DeleteEndpoint(Store, deleter, reads),
            new ReviewEndpoint(Store, Tokens, options.Time),
            new ScaleEndpoint(Store, Writer),
            new PodEndpoint(Store, Writer, deleter, new LogEndpoint(options.NodeAgent), new ExecEndpoint(options.NodeAgent, options.Time)));
        var discovery = new DiscoveryEndpoints(Catalog, new OpenApiDocuments(Catalog, options.KubernetesVersion), Tokens, options.KubernetesVersion);
        Pipeline = new ApiPipeline(new Authenticator(Tokens), discovery, endpoints, Catalog, logging.CreateLogger("Ambient.Kube.Emulator"));
        collector = new GarbageCollector(Store, Catalog, deleter, Namespaces, logging.CreateLogger("Ambient.Kube.Emulator.GarbageCollector"));
    }

    public ClusterAuthority Authority { get; }

    public ResourceStore Store { get; }

    public ResourceCatalog Catalog { get; }

    public TokenAuthority Tokens { get; }

    public ObjectWriter Writer { get; }

    public CrdController Crds { get; }

    public NamespaceContents Namespaces { get; }

    public ApiPipeline Pipeline { get; }

    public async ValueTask DisposeAsync()
    {
        await collector.DisposeAsync();
        Tokens.Dispose();
        Authority.Dispose();
    }
}
