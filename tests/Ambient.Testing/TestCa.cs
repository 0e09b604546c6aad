using Ambient.Core.Identity;
using Ambient.Identity.Issuing;
using Ambient.Identity.Svids;
using Ambient.Identity.Trust;

namespace Ambient.Testing;

/// <summary>A CA of a mesh that exists only in a test.</summary>
public sealed class TestCa
{
    public TestCa(string trustDomain = "cluster.local", TimeProvider? time = null)
    {
        TrustDomain = trustDomain;
        Time = time ?? TimeProvider.System;
        Authority = CertificateAuthority.CreateSelfSigned(trustDomain, Time);
    }

    public string TrustDomain { get; }

    public TimeProvider Time { get; }

    public CertificateAuthority Authority { get; }

    public TrustPolicy Trust => new(TrustDomain);

    public TrustBundle Bundle => Authority.Bundle;

    public SpiffeId Id(string @namespace, string serviceAccount) => new(TrustDomain, @namespace, serviceAccount);

    /// <summary>An SVID of this CA for <c>namespace/serviceAccount</c>.</summary>
    public Svid Issue(string @namespace, string serviceAccount, TimeSpan? lifetime = null) => Issue(Id(@namespace, serviceAccount), lifetime);

    /// <summary>An SVID of this CA, also for ids of other trust domains.</summary>
    public Svid Issue(SpiffeId id, TimeSpan? lifetime = null)
    {
        using SigningRequest request = SigningRequest.Create(id);
        return request.Complete(Authority.Sign(id, request.Pem, lifetime ?? TimeSpan.FromHours(1)), Time);
    }
}
