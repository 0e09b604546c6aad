using Ambient.Identity.Issuing;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Kube.Watching;
using Microsoft.Extensions.Logging;

namespace Ambient.Operator.Issuing;

/// <summary>
/// The CA in force: 1. the Secret <c>cacerts</c>, 2. the Secret <c>ambient-ca</c>, 3. a new one, written as <c>ambient-ca</c> by whichever replica
/// comes first. It follows changes of the Secrets; one that cannot be loaded leaves the last good CA in force. Roots that a change
/// took away are handed out on until certificates under them have ended; roots that a change brought are handed out at once, but signing
/// under them begins when all proxies have them (<see cref="OperatorConfig.RootPropagation"/>). An operator that starts meanwhile no
/// longer has the key before, and signs with the new one at once.
/// </summary>
internal sealed partial class AuthorityKeeper
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(30);

    private readonly OperatorConfig _config;
    private readonly ResourceClient<Secret> _secrets;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Informer<Secret> _pluggedIn;
    private readonly Informer<Secret> _own;
    private readonly Informer<Secret> _published;
    private readonly Lock _lock = new();
    private CertificateAuthority? _signing;
    private CertificateAuthority? _loaded;
    private string _loadedFrom = "";
    private volatile CertificateAuthority? _current;

    public AuthorityKeeper(OperatorConfig config, KubeClient client, TimeProvider time, ILogger logger)
    {
        _config = config;
        _secrets = client.Resource<Secret>();
        _time = time;
        _logger = logger;
        _pluggedIn = Watch(AuthoritySecret.PluggedIn);
        _own = Watch(AuthoritySecret.OwnName);
        _published = Watch(PublishedRoots.SecretName);
    }

    /// <summary>Null until the first CA is loaded.</summary>
    public CertificateAuthority? Current => _current;

    /// <summary>Why the newest Secret is not in force; null when it is.</summary>
    public string? Problem { get; private set; }

    /// <summary>What is handed out is written down, and this replica has seen it written.</summary>
    public bool IsWrittenDown => Published() is { } roots && roots.Next.SameAs(roots.Before);

    /// <summary>Another CA, or other roots, are in force.</summary>
    public event Action? Changed;

    /// <summary>Follows the Secrets until cancelled.</summary>
    public Task RunAsync(CancellationToken cancellation) =>
        Task.WhenAll(_pluggedIn.RunAsync(cancellation), _own.RunAsync(cancellation), _published.RunAsync(cancellation), LookAsync(cancellation));

    /// <summary>Returns once a CA is in force; makes one where there is none.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        await Task.WhenAll(
            _pluggedIn.WaitForSyncAsync(cancellation), _own.WaitForSyncAsync(cancellation), _published.WaitForSyncAsync(cancellation));
        Decide();
        for (TimeSpan wait = TimeSpan.FromMilliseconds(200); _current is null; wait = wait < TimeSpan.FromSeconds(5) ? wait * 2 : wait)
        {
            if (_pluggedIn.Store.Count == 0 && _own.Store.Count == 0)
            {
                await CreateAsync(cancellation);
            }

            await Task.Delay(_current is null ? wait : TimeSpan.Zero, _time, cancellation);
        }
    }

    /// <summary>Leader only: writes down what is handed out, so that every replica retires the same roots at the same time.</summary>
    public async Task PublishAsync(CancellationToken cancellation)
    {
        if (Published() is { } next && !next.Next.SameAs(next.Before))
        {
            await _secrets.ApplyAsync(next.Next.ToSecret(_config.SystemNamespace), FieldManagers.Authority, force: true, cancellation);
        }

        Decide();
    }

    /// <summary>The longest life of a certificate that was signed before a change took effect, and time for clocks to differ.</summary>
    private TimeSpan RetireGrace => _config.RootPropagation + new CertificateAuthorityOptions().MaxLifetime + TimeSpan.FromHours(1);

    // Time alone can bring the moment from which the new key signs.
    private async Task LookAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Look, _time, cancellation);
                DecideOnceSynced();
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    private Informer<Secret> Watch(string name)
    {
        var informer = new Informer<Secret>(
            new ListWatch<Secret>(_secrets) { Namespace = _config.SystemNamespace, FieldSelector = $"metadata.name={name}" },
            null, _config.Reflector, _time, _logger);
        return informer.AddHandler(_ => DecideOnceSynced(), (_, _) => DecideOnceSynced(), _ => DecideOnceSynced());
    }

    private async Task CreateAsync(CancellationToken cancellation)
    {
        CertificateAuthority made = CertificateAuthority.CreateSelfSigned(_config.TrustDomain, _time);
        try
        {
            Secret written = await _secrets.CreateAsync(AuthoritySecret.Of(made, _config.SystemNamespace), FieldManagers.Authority, cancellation);
            LogCreated(_logger, AuthoritySecret.OwnName);
            lock (_lock)
            {
                Load(written);
            }

            Decide();
        }
        catch (KubeException e)
        {
            // Another replica was first, and the watch will bring its Secret; or the server is in trouble, and we try again.
            Problem = e.IsAlreadyExists ? null : $"the Secret {AuthoritySecret.OwnName} cannot be written: {e.Message}";
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException)
        {
            Problem = $"the Secret {AuthoritySecret.OwnName} cannot be written: {e.Message}";
        }
    }

    // Until all three are known, a handler would decide on half of them.
    private void DecideOnceSynced()
    {
        if (_pluggedIn.HasSynced && _own.HasSynced && _published.HasSynced)
        {
            Decide();
        }
    }

    private void Decide()
    {
        bool changed;
        lock (_lock)
        {
            if ((One(_pluggedIn) ?? One(_own)) is { } secret)
            {
                Load(secret);
            }

            CertificateAuthority? next = null;
            if (_loaded is { } loaded && Published() is { } published)
            {
                _signing = Signer(_signing, loaded, published.Next);
                next = _signing.WithRoots(published.Next.Roots);
            }

            changed = next is not null && !IsSame(_current, next);
            if (changed)
            {
                _current = next;
            }
        }

        if (changed)
        {
            LogInForce(_logger, _loadedFrom, _current!.Bundle.Roots.Length);
            Changed?.Invoke();
        }
    }

    /// <summary>What is loaded signs at once when nothing else can, or when its roots are known everywhere.</summary>
    private CertificateAuthority Signer(CertificateAuthority? standing, CertificateAuthority loaded, PublishedRoots published)
    {
        DateTimeOffset now = _time.GetUtcNow();
        return standing is null || now >= standing.NotAfter || standing.CertificatePem == loaded.CertificatePem
            || published.KnownFor(loaded.Bundle, _config.RootPropagation, now)
            ? loaded
            : standing;
    }

    private (PublishedRoots? Before, PublishedRoots Next)? Published()
    {
        if (_loaded is not { } loaded)
        {
            return null;
        }

        PublishedRoots? before = One(_published) is { } secret ? PublishedRoots.Read(secret) : null;
        return (before, PublishedRoots.Next(loaded.Bundle, before, _time.GetUtcNow(), RetireGrace));
    }

    private void Load(Secret secret)
    {
        string source = $"{secret.Metadata.Name}@{secret.Metadata.Uid}/{secret.Metadata.ResourceVersion}";
        if (source == _loadedFrom)
        {
            return;
        }

        try
        {
            _loaded = AuthoritySecret.Load(secret, _time);
            _loadedFrom = source;
            Problem = null;
        }
        catch (FormatException e)
        {
            Problem = $"the Secret {_config.SystemNamespace}/{secret.Metadata.Name} holds no usable CA: {e.Message}";
            LogUnusable(_logger, Problem);
        }
    }

    private static Secret? One(Informer<Secret> informer) => informer.Store.List() is [var secret, ..] ? secret : null;

    private static bool IsSame(CertificateAuthority? a, CertificateAuthority b) =>
        a is not null && a.CertificatePem == b.CertificatePem && a.ChainPem == b.ChainPem && a.RootsPem == b.RootsPem;

    [LoggerMessage(110, LogLevel.Information, "No CA was there: made one and wrote it as Secret {Name}")]
    private static partial void LogCreated(ILogger logger, string name);

    [LoggerMessage(111, LogLevel.Information, "The CA of {Source} is in force, with {Roots} roots")]
    private static partial void LogInForce(ILogger logger, string source, int roots);

    [LoggerMessage(112, LogLevel.Error, "{Problem}; the last good CA, if any, stays in force")]
    private static partial void LogUnusable(ILogger logger, string problem);
}
