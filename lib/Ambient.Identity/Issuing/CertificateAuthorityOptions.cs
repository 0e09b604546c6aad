namespace Ambient.Identity.Issuing;

/// <summary>Lifetimes that a CA gives.</summary>
public sealed record CertificateAuthorityOptions
{
    /// <summary>Given when a request wishes none.</summary>
    public TimeSpan DefaultLifetime { get; init; } = TimeSpan.FromHours(24);

    public TimeSpan MinLifetime { get; init; } = TimeSpan.FromMinutes(1);

    public TimeSpan MaxLifetime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Certificates begin this much in the past, for peers whose clock is behind.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Of a root that is made here.</summary>
    public TimeSpan RootLifetime { get; init; } = TimeSpan.FromDays(3650);
}
