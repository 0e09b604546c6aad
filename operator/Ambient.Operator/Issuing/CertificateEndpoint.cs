using Ambient.Core;
using Ambient.Core.Identity;
using Ambient.Discovery.Publishing;
using Ambient.Identity.Issuing;
using Ambient.Operator.Telemetry;
using Ambient.Operator.Watching;
using Microsoft.Extensions.Logging;

namespace Ambient.Operator.Issuing;

/// <summary>
/// Decides who may have which certificate, and signs. Everybody may have its own service account's. A node proxy may also have those of
/// enrolled pods that run on its own node. Nobody may have anything else.
/// </summary>
internal sealed partial class CertificateEndpoint
{
    // A pod is enrolled on the replica that serves its node's proxy a moment before or after it is on this one.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);
    private const int PatienceTimes = 10;

    private readonly OperatorConfig _config;
    private readonly AuthorityKeeper _authority;
    private readonly TrustDomainInForce _trustDomain;
    private readonly PodRoster _pods;
    private readonly OperatorMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    public CertificateEndpoint(
        OperatorConfig config, AuthorityKeeper authority, TrustDomainInForce trustDomain, PodRoster pods, OperatorMetrics metrics,
        TimeProvider time, ILogger logger)
    {
        _config = config;
        _authority = authority;
        _trustDomain = trustDomain;
        _pods = pods;
        _metrics = metrics;
        _time = time;
        _logger = logger;
    }

    /// <summary>PEM, leaf first and roots last.</summary>
    /// <exception cref="CertificateRefusedException">The caller may not have it; the message says why.</exception>
    public async Task<IReadOnlyList<string>> IssueAsync(
        Caller caller, SpiffeId? impersonated, string csr, TimeSpan lifetime, CancellationToken cancellation)
    {
        var own = new SpiffeId(_trustDomain.Name, caller.Namespace, caller.ServiceAccount);
        SpiffeId asked = impersonated ?? own;
        if (asked != own && await WhyNotAsync(caller, asked, cancellation) is { } reason)
        {
            throw Refuse(caller, asked, reason);
        }

        CertificateAuthority authority = _authority.Current ?? throw Refuse(caller, asked, "no CA is in force yet");
        try
        {
            IssuedChain chain = authority.Sign(asked, csr, lifetime);
            _metrics.CertificatesIssued.Add();
            LogIssued(_logger, asked.ToString(), $"{caller.Namespace}/{caller.PodName}", caller.Node);
            return chain.Certificates;
        }
        catch (CertificateRefusedException e)
        {
            throw Refuse(caller, asked, e.Message);
        }
    }

    private async Task<string?> WhyNotAsync(Caller caller, SpiffeId asked, CancellationToken cancellation)
    {
        if (!_config.NodeProxies.Contains(new NamespacedName(caller.Namespace, caller.ServiceAccount)))
        {
            return "only a node's proxy may ask for another's identity";
        }

        if (asked.TrustDomain != _trustDomain.Name)
        {
            return $"this CA is for trust domain {_trustDomain.Name}";
        }

        if (caller.Node.Length == 0)
        {
            return "it is not known on which node the caller runs";
        }

        for (int i = 0; !_pods.HasEnrolled(caller.Node, asked.Namespace, asked.ServiceAccount); i++)
        {
            if (i == PatienceTimes)
            {
                return $"no enrolled pod on node {caller.Node} runs under it";
            }

            await Task.Delay(Patience, _time, cancellation);
        }

        return null;
    }

    private CertificateRefusedException Refuse(Caller caller, SpiffeId asked, string reason)
    {
        _metrics.CertificatesRefused.Add();
        LogRefused(_logger, asked.ToString(), $"{caller.Namespace}/{caller.PodName}", caller.Node, reason);
        return new CertificateRefusedException($"{asked}: {reason}");
    }

    [LoggerMessage(140, LogLevel.Debug, "Issued {Identity} to {Caller} on {Node}")]
    private static partial void LogIssued(ILogger logger, string identity, string caller, string node);

    [LoggerMessage(141, LogLevel.Warning, "Refused {Identity} to {Caller} on {Node}: {Reason}")]
    private static partial void LogRefused(ILogger logger, string identity, string caller, string node, string reason);
}
