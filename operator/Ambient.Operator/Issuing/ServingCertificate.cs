using System.Net.Security;
using System.Security.Authentication;
using Ambient.Identity.Issuing;

namespace Ambient.Operator.Issuing;

/// <summary>What the operator's own endpoint presents: signed by the CA in force, made anew at half its life and when the CA changes.</summary>
internal sealed class ServingCertificate
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private readonly AuthorityKeeper _authority;
    private readonly string[] _names;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private CertificateAuthority? _signer;
    private DateTimeOffset _renewAt;
    private SslServerAuthenticationOptions? _options;

    public ServingCertificate(OperatorConfig config, AuthorityKeeper authority, TimeProvider time)
    {
        string service = $"ambient-operator.{config.SystemNamespace}";
        _names = [service, $"{service}.svc", $"{service}.svc.{config.ClusterDomain}", .. config.ServingNames];
        _authority = authority;
        _time = time;
    }

    /// <summary>For one handshake.</summary>
    /// <exception cref="AuthenticationException">No CA is in force.</exception>
    public SslServerAuthenticationOptions Current()
    {
        CertificateAuthority signer = _authority.Current ?? throw new AuthenticationException("no CA is in force yet");
        lock (_lock)
        {
            if (_options is null || !ReferenceEquals(signer, _signer) || _time.GetUtcNow() >= _renewAt)
            {
                _options = new SslServerAuthenticationOptions
                {
                    ServerCertificateContext = signer.SignServer(_names, Lifetime).CreateContext(),
                    ApplicationProtocols = [SslApplicationProtocol.Http2],
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                };
                _signer = signer;
                _renewAt = _time.GetUtcNow() + (Lifetime / 2);
            }

            return _options;
        }
    }
}
