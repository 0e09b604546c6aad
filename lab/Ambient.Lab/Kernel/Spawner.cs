using System.Runtime.InteropServices;

namespace Ambient.Lab.Kernel;

/// <summary>posix_spawn: the child takes over the calling thread's namespaces, capabilities and user, with default signals and a session of its own.</summary>
internal static unsafe class Spawner
{
    // glibc: 80 and 336 bytes; sigset_t: 128.
    private const int StructBytes = 512;
    private const short Flags = 0x04 | 0x08 | 0x80;

    public static ChildProcess Start(SpawnRequest request)
    {
        var none = Native.Check(Native.Open("/dev/null", 2 | Native.OCloExec, 0), "open /dev/null");
        var arguments = Pointers([request.Program, .. request.Arguments]);
        var environment = Pointers(request.Environment ?? CurrentEnvironment());
        try
        {
            return Reaper.Shared.Watch(() => Spawn(request, none, arguments, environment));
        }
        finally
        {
            Free(arguments);
            Free(environment);
            _ = Native.Close(none);
        }
    }

    private static int Spawn(SpawnRequest request, int none, nint* arguments, nint* environment)
    {
        byte* actions = stackalloc byte[StructBytes], attributes = stackalloc byte[StructBytes], signals = stackalloc byte[StructBytes];
        _ = Native.SpawnActionsInit(actions);
        _ = Native.SpawnAttributesInit(attributes);
        try
        {
            Connect(request, actions, none);
            if (request.WorkingDirectory is { } directory)
            {
                _ = Native.SpawnActionsChDir(actions, directory);
            }

            _ = Native.SpawnAttributesFlags(attributes, Flags);
            _ = Native.SignalSetFill(signals);
            _ = Native.SpawnAttributesSignalDefaults(attributes, signals);
            _ = Native.SignalSetEmpty(signals);
            _ = Native.SpawnAttributesSignalMask(attributes, signals);

            int pid;
            var error = Native.PosixSpawn(&pid, request.Program, actions, attributes, arguments, environment);
            return error == 0
                ? pid
                : throw new KernelException($"cannot start {request.Program}: {Marshal.GetPInvokeErrorMessage(error)}", error);
        }
        finally
        {
            _ = Native.SpawnActionsDestroy(actions);
            _ = Native.SpawnAttributesDestroy(attributes);
        }
    }

    private static void Connect(SpawnRequest request, void* actions, int none)
    {
        if (request.Terminal is { } terminal)
        {
            // Opened by the leader of a session without a terminal: it becomes the session's.
            _ = Native.SpawnActionsOpen(actions, 0, terminal, 2, 0);
            _ = Native.SpawnActionsDup(actions, 0, 1);
            _ = Native.SpawnActionsDup(actions, 0, 2);
            return;
        }

        _ = Native.SpawnActionsDup(actions, request.Input < 0 ? none : request.Input, 0);
        _ = Native.SpawnActionsDup(actions, request.Output < 0 ? none : request.Output, 1);
        _ = Native.SpawnActionsDup(actions, request.Error < 0 ? none : request.Error, 2);
    }

    internal static List<string> CurrentEnvironment()
    {
        var all = new List<string>();
        foreach (System.Collections.DictionaryEntry entry in System.Environment.GetEnvironmentVariables())
        {
            all.Add($"{entry.Key}={entry.Value}");
        }

        return all;
    }

    /// <summary>A null-terminated array of C strings; <see cref="Free"/> it.</summary>
    internal static nint* Pointers(IReadOnlyList<string> values)
    {
        var array = (nint*)NativeMemory.Alloc((nuint)((values.Count + 1) * sizeof(nint)));
        for (var i = 0; i < values.Count; i++)
        {
            array[i] = Marshal.StringToCoTaskMemUTF8(values[i]);
        }

        array[values.Count] = 0;
        return array;
    }

    internal static void Free(nint* array)
    {
        for (var i = 0; array[i] != 0; i++)
        {
            Marshal.FreeCoTaskMem(array[i]);
        }

        NativeMemory.Free(array);
    }
}
