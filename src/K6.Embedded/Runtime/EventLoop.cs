using System.Diagnostics;

namespace K6.Embedded.Runtime;

/// <summary>
/// The event loop of a VU: timers, and results that other threads deliver. It runs on the VU's thread; only <see cref="Enqueue"/> and <see cref="Post"/> may be called from others.
/// </summary>
internal sealed class EventLoop : IDisposable
{
    private readonly Lock gate = new();
    private readonly Queue<Action> ready = new();
    private PriorityQueue<Timer, (long Due, long Id)>? timers;
    private readonly Dictionary<long, Timer> timersById = [];
    private readonly ManualResetEventSlim wake = new(false);
    private long lastTimerId;
    private int pending;
    private int generation;

    /// <summary>A timer of the script.</summary>
    /// <param name="Id">The number that the script got.</param>
    /// <param name="Name"><c>setTimeout</c> or <c>setInterval</c>.</param>
    /// <param name="Interval">Its period, 1 ms or more, for one that repeats; otherwise null.</param>
    /// <param name="Callback">What to run.</param>
    private sealed record Timer(long Id, string Name, TimeSpan? Interval, Action Callback);

    /// <summary>
    /// Announces a result that another thread will deliver by <see cref="Enqueue"/>, or several by <see cref="Post"/> until <see cref="Release"/>; the loop waits for it.
    /// </summary>
    /// <returns>A ticket for the delivery, which <see cref="Clear"/> makes void.</returns>
    public int Expect()
    {
        pending++;
        return generation;
    }

    /// <summary>Delivers an announced result. Any thread.</summary>
    public void Enqueue(int ticket, Action action) => Post(ticket, () =>
    {
        pending--;
        action();
    });

    /// <summary>Delivers one of several results; more may come. Any thread.</summary>
    public void Post(int ticket, Action action)
    {
        lock (gate)
        {
            if (ticket != generation)
            {
                return;
            }

            ready.Enqueue(action);
        }

        wake.Set();
    }

    /// <summary>Nothing more comes for the ticket. The VU's thread.</summary>
    public void Release(int ticket)
    {
        if (ticket == generation)
        {
            pending--;
        }
    }

    /// <summary>Starts a timer and gives its number.</summary>
    public long StartTimer(string name, TimeSpan delay, bool repeats, Action callback)
    {
        var id = ++lastTimerId;
        var interval = delay < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : delay;
        Add(new Timer(id, name, repeats ? interval : null, callback), delay < TimeSpan.Zero ? TimeSpan.Zero : delay);
        return id;
    }

    /// <summary>Stops a timer; a number that is none is ignored.</summary>
    public void StopTimer(long id) => timersById.Remove(id);

    /// <summary>Runs jobs until nothing is left to wait for.</summary>
    /// <param name="runMicrotasks">Runs what promises have queued; called after each job. It throws to end the loop.</param>
    /// <param name="interrupt">Ends the loop.</param>
    /// <exception cref="IterationInterruptedException">The token was signalled.</exception>
    public void Run(Action runMicrotasks, CancellationToken interrupt)
    {
        runMicrotasks();
        if (pending == 0 && timersById.Count == 0)
        {
            return;
        }

        using var registration = interrupt.UnsafeRegister(static loop => ((EventLoop)loop!).wake.Set(), this);
        while (true)
        {
            if (interrupt.IsCancellationRequested)
            {
                throw new IterationInterruptedException();
            }

            if (TakeReady(out var wait) is { } job)
            {
                job();
                runMicrotasks();
                continue;
            }

            if (pending == 0 && timersById.Count == 0)
            {
                return;
            }

            wake.Wait(wait, CancellationToken.None);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => wake.Dispose();

    /// <summary>Forgets everything and gives the timers that were running, as k6 names them in its warnings.</summary>
    public IReadOnlyList<string> Clear()
    {
        string[] stopped = [.. timersById.Values.OrderBy(t => t.Id).Select(t => $"{t.Name} {t.Id}")];
        timersById.Clear();
        timers?.Clear();
        pending = 0;
        lock (gate)
        {
            ready.Clear();
            generation++;
        }

        return stopped;
    }

    private void Add(Timer timer, TimeSpan delay)
    {
        timersById[timer.Id] = timer;
        timers ??= new();
        timers.Enqueue(timer, (Stopwatch.GetTimestamp() + (long)(delay.TotalSeconds * Stopwatch.Frequency), timer.Id));
    }

    private Action? TakeReady(out int wait)
    {
        wait = -1;
        lock (gate)
        {
            wake.Reset();
            if (ready.TryDequeue(out var job))
            {
                return job;
            }
        }

        while (timers is not null && timers.TryPeek(out var timer, out var priority))
        {
            if (!timersById.ContainsKey(timer.Id))
            {
                timers.Dequeue();
                continue;
            }

            var left = priority.Due - Stopwatch.GetTimestamp();
            if (left > 0)
            {
                wait = (int)Math.Min(int.MaxValue, Math.Ceiling(left * 1000d / Stopwatch.Frequency));
                return null;
            }

            timers.Dequeue();
            timersById.Remove(timer.Id);
            if (timer.Interval is { } interval)
            {
                Add(timer, interval);
            }

            return timer.Callback;
        }

        return null;
    }
}
