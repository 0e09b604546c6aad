using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Ambient.Core.Identity;
using Ambient.Identity.Issuing;
using Ambient.Identity.Renewal;
using Ambient.Identity.Svids;
using Ambient.Proxy.Hosting;
using Ambient.Proxy.Keeping;
using Microsoft.Extensions.Logging;

namespace Ambient.Proxy.Mesh;

/// <summary>
/// Keys and certificates over a restart, so that a proxy which is killed while the operator is away does not take its node's traffic
/// with it. Only in memory-backed storage and readable by the owner alone: never on a disk. What is read is verified as an issuer's answer
/// would be; expired ones are left out.
/// </summary>
internal sealed class CertificateKeeper
{
    private const long MaxBytes = 64 * 1024 * 1024;
    private static readonly TimeSpan s_gather = TimeSpan.FromMilliseconds(100);

    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly LateWriter _writer;
    private SvidManager? _svids;

    private CertificateKeeper(string path, TimeProvider time, ILogger log)
    {
        _path = path;
        _time = time;
        _log = log;
        _writer = new LateWriter(Write, s_gather, time);
    }

    /// <summary>Null when they are not to be kept, or the place is not memory-backed.</summary>
    internal static CertificateKeeper? Open(string? path, TimeProvider time, ILogger log)
    {
        if (path is null)
        {
            return null;
        }

        try
        {
            string directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
            Directory.CreateDirectory(directory, StateFile.OwnerOnly | UnixFileMode.UserExecute);
            string format = new DriveInfo(directory).DriveFormat;
            if (format is "tmpfs" or "ramfs")
            {
                return new CertificateKeeper(path, time, log);
            }

            MeshLog.CertificatesNotKept(log, $"{directory} is on {format}, which is not in memory");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            MeshLog.CertificatesNotKept(log, e.Message);
        }

        return null;
    }

    internal IReadOnlyDictionary<SpiffeId, Svid> Load()
    {
        Dictionary<SpiffeId, Svid> svids = [];
        try
        {
            using FileStream? file = StateFile.OpenOwn(_path);
            if (file is { Length: <= MaxBytes })
            {
                foreach (KeptCertificate kept in JsonSerializer.Deserialize(file, KeptCertificateJson.Default.ImmutableArrayKeptCertificate))
                {
                    Add(svids, kept);
                }
            }
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            MeshLog.NotRemembered(_log, _path, e.Message);
        }

        if (svids.Count > 0)
        {
            MeshLog.CertificatesRemembered(_log, svids.Count);
        }

        return svids;
    }

    /// <summary>Whose SVIDs are kept from now on.</summary>
    internal void Follow(SvidManager svids)
    {
        _svids = svids;
        svids.Renewed += _ => Wake();
    }

    /// <summary>Something has changed: an SVID came or its identity left.</summary>
    internal void Wake() => _writer.Wake();

    internal void Start() => _writer.Start();

    /// <param name="write">What is not kept yet is written at once; false: a newer process keeps it from here on.</param>
    internal Task StopAsync(bool write) => _writer.StopAsync(write);

    private void Add(Dictionary<SpiffeId, Svid> svids, KeptCertificate kept)
    {
        try
        {
            if (!SpiffeId.TryParse(kept.Identity, out SpiffeId id) || kept.Chain.IsDefault)
            {
                throw new FormatException("no SPIFFE id or no chain");
            }

            using var key = ECDsa.Create();
            key.ImportFromPem(kept.Key);
            svids[id] = Svid.Create(id, new IssuedChain(kept.Chain), key, _time);
        }
        catch (Exception e) when (e is InvalidSvidException or FormatException or CryptographicException or ArgumentException)
        {
            MeshLog.NotRemembered(_log, $"{_path} ({kept.Identity})", e.Message);
        }
    }

    private void Write()
    {
        if (_svids is null)
        {
            return;
        }

        try
        {
            ImmutableArray<KeptCertificate> kept = [.. _svids.Held.Select(
                svid => new KeptCertificate(svid.Id.ToString(), svid.KeyPem(), [svid.ChainPem(), svid.Bundle.ToPem()]))];
            StateFile.Write(_path, file => JsonSerializer.Serialize(file, kept, KeptCertificateJson.Default.ImmutableArrayKeptCertificate));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            MeshLog.NotKept(_log, _path, e.Message);
        }
    }
}
