using System.Collections.Immutable;
using Ambient.Core.Identity;
using Ambient.Discovery;
using Ambient.Discovery.Subscribing;
using Ambient.Identity.Issuing;
using Microsoft.Extensions.Logging;

namespace Ambient.Proxy.Mesh;

/// <summary>Discovery and certificates from the operator, over one address.</summary>
internal sealed class OperatorSource : IMeshSource, ICertificateIssuer
{
    private readonly DiscoveryClient _discovery;
    private readonly CertificateClient _certificates;

    internal OperatorSource(OperatorAddress config, IMeshUpdateSink sink, TimeProvider time, ILoggerFactory loggers)
    {
        _discovery = new DiscoveryClient(
            new DiscoveryClientOptions
            {
                Address = config.Address,
                Token = () => File.ReadAllText(config.TokenPath).Trim(),
                RootCertificatesPath = config.RootCertPath,
                Types = config.Types,
                KeepLabels = config.Types.Contains(TypeUrls.Resource),
                NodeId = $"{config.Role}~{config.PodAddress}~{config.PodName}.{config.PodNamespace}~{config.PodNamespace}.svc.cluster.local",
                Metadata = ImmutableDictionary<string, string>.Empty
                    .Add("NAME", config.PodName)
                    .Add("NAMESPACE", config.PodNamespace)
                    .Add("NODE_NAME", config.NodeName)
                    .Add("INSTANCE_IPS", config.PodAddress.ToString())
                    .Add("CLUSTER_ID", config.ClusterId),
            },
            sink,
            time,
            loggers.CreateLogger<DiscoveryClient>());
        _certificates = new CertificateClient(new CertificateClientOptions
        {
            Address = config.Address,
            Token = () => File.ReadAllText(config.TokenPath).Trim(),
            RootCertificatesPath = config.RootCertPath,
        });
    }

    public bool Connected => _discovery.Connected;

    public DiscoveryCounters? Counters => _discovery.Counters;

    public Task RunAsync(CancellationToken ct) => _discovery.RunAsync(ct);

    public async Task<IssuedChain> IssueAsync(SpiffeId id, string csrPem, TimeSpan lifetime, CancellationToken ct) =>
        new([.. await _certificates.CreateCertificateAsync(id, csrPem, lifetime, ct)]);
}
