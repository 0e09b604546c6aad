using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Types;

namespace Ambient.Kube.Emulator.Printing;

/// <summary>Which columns a resource has.</summary>
internal static class Columns
{
    public static readonly Column Name = new("Name", (o, _) => o.Text("metadata", "name")) { Format = "name", Description = "Name of the object" };

    public static readonly Column Age = new("Age", (o, now) => Ages.Since(o.Text("metadata", "creationTimestamp"), now)) { Description = "Time since the object was made" };

    private static readonly Column[] Plain = [Name, Age];

    public static IReadOnlyList<Column> Of(ResourceType type) =>
        type.Custom is { } custom ? CustomColumns.Of(custom) : BuiltInColumns.Of(type.Shelf) ?? Plain;
}
