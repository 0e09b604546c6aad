namespace Ambient.Cni.Installing;

/// <summary><c>ambient-cni install</c> and <c>uninstall</c>. Either may be run again at any time.</summary>
internal static class InstallCommand
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(500);

    /// <param name="words">Arguments of the program.</param>
    /// <param name="from">Directory of the program.</param>
    /// <param name="output">What was done.</param>
    /// <param name="errors">What was not.</param>
    /// <param name="time">For the wait.</param>
    /// <returns>Exit code: 0 done, 1 not, 2 wrong words.</returns>
    internal static async Task<int> RunAsync(IReadOnlyList<string> words, string from, TextWriter output, TextWriter errors, TimeProvider time)
    {
        try
        {
            var options = InstallOptions.Parse(words);
            var plugin = new PluginFiles(from, options.BinDirectory);
            var networks = new NetworkFiles(options.ConfDirectory);
            if (options.Uninstall)
            {
                // The program last: until then the runtime may still ask for it.
                foreach (string line in networks.Leave().Append(plugin.Uninstall()))
                {
                    await output.WriteLineAsync(line);
                }

                return 0;
            }

            Directory.CreateDirectory(options.BinDirectory);
            await output.WriteLineAsync(plugin.Install());
            if (await JoinAsync(networks, options, errors, time) is not { } joined)
            {
                await errors.WriteLineAsync($"ambient-cni: no network configuration in {options.ConfDirectory} within {options.Wait.TotalSeconds:0} s");
                return 1;
            }

            await output.WriteLineAsync(joined);
            return 0;
        }
        catch (FormatException e)
        {
            await errors.WriteLineAsync($"ambient-cni: {e.Message}\n{InstallOptions.Usage}");
            return 2;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync($"ambient-cni: {e.Message}");
            return 1;
        }
    }

    // On a new node the cluster's network may come after this.
    private static async Task<string?> JoinAsync(NetworkFiles networks, InstallOptions options, TextWriter errors, TimeProvider time)
    {
        long started = time.GetTimestamp();
        HashSet<string> warned = [];
        while (true)
        {
            string? joined = networks.Join(options.Socket, warning =>
            {
                if (warned.Add(warning))
                {
                    errors.WriteLine($"ambient-cni: {warning}");
                }
            });
            if (joined is not null || time.GetElapsedTime(started) >= options.Wait)
            {
                return joined;
            }

            await Task.Delay(s_look, time, CancellationToken.None);
        }
    }
}
