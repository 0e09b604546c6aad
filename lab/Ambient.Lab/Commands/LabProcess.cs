using System.Globalization;
using Ambient.Lab.Kernel;

namespace Ambient.Lab.Commands;

/// <summary>The process outside whose end ends the lab, told from a later one of the same id by its start time.</summary>
internal sealed record LabProcess(int Id, string StartTime)
{
    public bool IsAlive => StartOf(Id) == StartTime;

    public static LabProcess Of(int id) => new(id, StartOf(id) ?? "");

    public static LabProcess? Parse(string text) =>
        text.Trim().Split(' ') is [var id, var start] && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? new LabProcess(number, start) : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Id} {StartTime}");

    /// <summary>Asks the lab, the first process inside, to end; <paramref name="hard"/> kills the outer one, and with it everything.</summary>
    public void End(bool hard)
    {
        if (hard || Inner() is not { } inner)
        {
            _ = Native.Kill(Id, Native.SigKill);
        }
        else
        {
            _ = Native.Kill(inner, Native.SigTerm);
        }
    }

    private int? Inner()
    {
        try
        {
            var children = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{Id}/task/{Id}/children"));
            return int.TryParse(children.Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var child) ? child : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    // The 22nd field of /proc/PID/stat; the second, the name, may hold spaces and ends with the last ')'.
    private static string? StartOf(int id)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] == "Z" ? null : fields[19];
        }
        catch (IOException)
        {
            return null;
        }
    }
}
