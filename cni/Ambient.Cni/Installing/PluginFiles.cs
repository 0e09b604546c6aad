using System.Security.Cryptography;
using System.Text;

namespace Ambient.Cni.Installing;

/// <summary>
/// This program in the runtime's directory of plugins: <c>ambient-cni</c> there is a link into <c>ambient-cni.d/DIGEST/</c>, which holds all
/// that stands beside the program (a single file, or libraries and settings too). One rename switches from the old one to the new.
/// </summary>
/// <param name="from">Directory of the program.</param>
/// <param name="binaries">The runtime's directory.</param>
internal sealed class PluginFiles(string from, string binaries)
{
    private const string Name = Conflist.PluginType;
    private const int MaxFiles = 1000;

    private readonly string _store = Path.Combine(binaries, Name + ".d");
    private readonly string _link = Path.Combine(binaries, Name);

    /// <exception cref="IOException">Something is missing or cannot be written.</exception>
    internal string Install()
    {
        string[] files = Files();
        string digest = DigestOf(files), target = Path.Combine(_store, digest), relative = Path.Combine(Name + ".d", digest, Name);
        string? before = new FileInfo(_link).LinkTarget;
        if (before == relative && Directory.Exists(target))
        {
            return $"{_link} is up to date";
        }

        if (!Directory.Exists(target))
        {
            Copy(files, target);
        }

        string link = _link + ".new";
        File.Delete(link);
        File.CreateSymbolicLink(link, relative);
        File.Move(link, _link, overwrite: true);
        Forget(digest, before is null ? null : Path.GetFileName(Path.GetDirectoryName(before)));
        return $"{_link} is installed";
    }

    internal string Uninstall()
    {
        File.Delete(_link);
        if (Directory.Exists(_store))
        {
            Directory.Delete(_store, recursive: true);
        }

        return $"{_link} is removed";
    }

    private string[] Files()
    {
        string[] files = [.. Directory.EnumerateFiles(from).Where(f => Path.GetExtension(f) is not (".pdb" or ".xml")).Order(StringComparer.Ordinal).Take(MaxFiles + 1)];
        return files.Length <= MaxFiles && files.Any(f => Path.GetFileName(f) == Name)
            ? files
            : throw new IOException($"{from} does not hold {Name}, or more than {MaxFiles} files");
    }

    private static string DigestOf(string[] files)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string file in files)
        {
            digest.AppendData(Encoding.UTF8.GetBytes(Path.GetFileName(file) + "\0"));
            using FileStream content = File.OpenRead(file);
            digest.AppendData(SHA256.HashData(content));
        }

        return Convert.ToHexStringLower(digest.GetHashAndReset())[..16];
    }

    private void Copy(string[] files, string target)
    {
        string beside = Path.Combine(_store, ".new");
        if (Directory.Exists(beside))
        {
            Directory.Delete(beside, recursive: true);
        }

        Directory.CreateDirectory(beside);
        foreach (string file in files)
        {
            File.Copy(file, Path.Combine(beside, Path.GetFileName(file)));
        }

        Directory.Move(beside, target);
    }

    // The one before may be running and load more of itself.
    private void Forget(string current, string? before)
    {
        foreach (string old in Directory.GetDirectories(_store))
        {
            if (Path.GetFileName(old) is var name && name != current && name != before)
            {
                Directory.Delete(old, recursive: true);
            }
        }
    }
}
