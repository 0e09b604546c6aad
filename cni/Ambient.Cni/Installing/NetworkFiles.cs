namespace Ambient.Cni.Installing;

/// <summary>
/// The runtime's directory of network configurations. The runtime takes the first file by name; that one this plugin joins. The original
/// stays beside it under a name that the runtime does not read; each step is a rename, so that the runtime sees the old or the new.
/// </summary>
internal sealed class NetworkFiles(string directory)
{
    internal const string Original = ".ambient-original";

    private const string Unfinished = ".ambient-new";

    /// <returns>What was done, for people; null when there is no configuration to join yet.</returns>
    /// <exception cref="IOException">The directory cannot be read or written.</exception>
    internal string? Join(string socket, Action<string> warn)
    {
        foreach (string file in All())
        {
            try
            {
                return Join(file, File.ReadAllText(file), socket);
            }
            catch (FormatException e)
            {
                warn($"{file} is left alone: {e.Message}");
            }
        }

        return null;
    }

    /// <returns>What was done, a line a file.</returns>
    internal IReadOnlyList<string> Leave()
    {
        List<string> done = [];
        foreach (string file in All())
        {
            try
            {
                if (Conflist.Unchain(File.ReadAllText(file)) is { } without)
                {
                    done.Add(Restore(file, without));
                }
            }
            catch (FormatException)
            {
                // Not one that this plugin could have joined.
            }
        }

        return done;
    }

    private static string Join(string file, string text, string socket)
    {
        if (Conflist.Chain(text, Conflist.Entry(socket)) is not { } chained)
        {
            return $"{file} has this plugin already";
        }

        if (Conflist.IsSingle(text))
        {
            // The list sorts behind the single file, so the runtime reads the latter until it is out of the way.
            string list = Path.ChangeExtension(file, ".conflist");
            Replace(list, chained, file);
            File.Move(file, file + Original, overwrite: true);
            return $"{file} has become {list} with this plugin";
        }

        if (Conflist.Unchain(text) is null)
        {
            Replace(file + Original, text, file);
        }

        Replace(file, chained, file);
        return $"{file} has this plugin now";
    }

    private static string Restore(string file, string without)
    {
        foreach (string single in (string[])[Path.ChangeExtension(file, ".conf"), Path.ChangeExtension(file, ".json")])
        {
            if (single != file && File.Exists(single + Original) && Conflist.IsSame(without, File.ReadAllText(single + Original)))
            {
                File.Move(single + Original, single, overwrite: true);
                File.Delete(file);
                return $"{file} is {single} again";
            }
        }

        // Whatever else changed in it since stays.
        Replace(file, without, file);
        File.Delete(file + Original);
        return $"{file} is without this plugin";
    }

    private IEnumerable<string> All() => Directory.Exists(directory)
        ? Directory.EnumerateFiles(directory)
            .Where(f => Path.GetExtension(f) is ".conflist" or ".conf" or ".json")
            .Order(StringComparer.Ordinal)
        : [];

    private static void Replace(string file, string text, string modeOf)
    {
        string beside = file + Unfinished;
        File.Delete(beside);
        using (var stream = new FileStream(beside, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = File.GetUnixFileMode(modeOf),
        }))
        {
            stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        File.Move(beside, file, overwrite: true);
    }
}
